CREATE TABLE rows_of AS SELECT * FROM (VALUES (1, '1', '2026-01-01', DATE '2026-01-01'), (2, '2.0', '02/01/2026', DATE '2026-02-01'), (3, '10', NULL, NULL)) v(n, s, t, d);

-- a text beside a number is a number
{'5'} = {5}                        --> TRUE
{'5.0'} = {5}                      --> TRUE
{'10'} > {9}                       --> TRUE
{'10'} > {'9'}                     --> FALSE
{5} = {'5'}                        --> TRUE
{'1.5'} < {2}                      --> TRUE
{'abc'} = {5}                      --> error
{'5'} <> {5}                       --> FALSE
{5} BETWEEN {'1'} AND {'10'}       --> TRUE
{'5'} BETWEEN {1} AND {10}         --> TRUE
{5} IN ({'5'}, {'6'})              --> TRUE
{'5'} IN ({5}, {6})                --> TRUE
{'5'} NOT IN ({5}, {6})            --> FALSE
{2.5::float} = {'2.5'}             --> TRUE
{9007199254740993} = {'9007199254740993'}  --> TRUE
{9007199254740993} = {'9007199254740992'}  --> FALSE
EQUAL_NULL({'5'}, {5})             --> TRUE
NULLIF({'5'}, {5})                 --> NULL
{5} IS DISTINCT FROM {'5'}         --> FALSE

-- a text beside a time is a time
{'2026-01-31'::date} = {'2026-01-31'}                     --> TRUE
{'2026-01-31'::date} = {'01/31/2026'}                     --> TRUE
{'2026-01-31'::date} > {'2026-01-05'}                     --> TRUE
{'2026-01-31 10:00:00'::timestamp} > {'2026-01-31'}       --> TRUE
{'2026-01-31 10:00:00'::timestamp} = {'2026-01-31T10:00:00Z'}  --> TRUE
{'2026-01-31'} <= {'2026-01-31 10:00:00'::timestamp}      --> TRUE
{'soon'} < {'2026-01-31'::date}                           --> error
{'2026-01-31'::date} BETWEEN {'01/01/2026'} AND {'02/01/2026'}  --> TRUE
{'2026-01-31'::date} IN ({'2026-01-30'}, {'2026-01-31'})  --> TRUE
{'2026-01-31'::date} < {'2026-01-31 10:00:00'::timestamp} --> TRUE
{'10:00:00'::time} < {'11:00:00'}                         --> TRUE

-- booleans
{TRUE} = {'true'}                  --> TRUE
{TRUE} = {'no'}                    --> FALSE
{TRUE} = {1}                       --> TRUE
{FALSE} = {0}                      --> TRUE

-- the one type of several values
COALESCE({NULL::varchar}, {0})                            --> 0
COALESCE({'5'}, {0})                                      --> 5
NVL({'5'}, {0}) + 1                                       --> 6
IFNULL({NULL::varchar}, {7})                              --> 7
ZEROIFNULL({'5'})                                         --> 5
IFF({TRUE}, {'5'}, {0})                                   --> 5
IFF({FALSE}, {'x'}, {NULL})                               --> NULL
CASE WHEN {TRUE} THEN {'5'} ELSE {1} END                  --> 5
CASE {'5'} WHEN {5} THEN 'five' ELSE 'other' END          --> 'five'
DECODE({'5'}, {5}, 'five', 'other')                       --> 'five'
GREATEST({'10'}, {9})                                     --> 10
LEAST({'10'}, {9})                                        --> 9
GREATEST({'2026-01-31'::date}, {'2026-02-01'})            --> DATE '2026-02-01'
COALESCE({NULL::date}, {'01/05/2026'})                    --> DATE '2026-01-05'
NVL2({'x'}, {'5'}, {0})                                   --> 5

-- texts as arguments of functions of numbers
{'5'} + {1}                        --> 6
{'5'} + {'6'}                      --> 11
{'7'} / {'2'}                      --> 3.5
{'7'} * {2}                        --> 14
{'7'} - {'2'}                      --> 5
- {'5'}                            --> -5
MOD({'7'}, {4})                    --> 3
ABS({'-5'})                        --> 5
ROUND({'2.567'}, 1)                --> 2.6
FLOOR({'2.7'})                     --> 2
CEIL({'2.1'})                      --> 3
SQRT({'16'})                       --> 4
POWER({'2'}, {'3'})                --> 8
SIGN({'-3'})                       --> -1
{'abc'} + {1}                      --> error

-- numbers, times and booleans as arguments of functions of texts
TRIM({7})                          --> '7'
LOWER({101::float})                --> '101'
UPPER({TRUE})                      --> 'TRUE'
LENGTH({1234})                     --> 4
LEFT({12345}, 2)                   --> '12'
RIGHT({12345}, 2)                  --> '45'
SUBSTR({12345}, 2, 2)              --> '23'
{1} || {'a'}                       --> '1a'
{101::float} || {'a'}              --> '101a'
CONCAT({1}, {'-'}, {2})            --> '1-2'
{'2026-01-31'::date} || {''}       --> '2026-01-31'
{'2026-01-31 10:00:00'::timestamp} || {''}  --> '2026-01-31 10:00:00.000'
{12345} LIKE '12%'                 --> TRUE
REPLACE({12345}, '3', 'x')         --> '12x45'
LPAD({7}, 3, '0')                  --> '007'
SPLIT_PART({1.5::number(10, 1)}, '.', 2)  --> '5'
MD5({1}) = MD5({'1'})              --> TRUE
SHA1({101::float}) = SHA1({'101'}) --> TRUE
REGEXP_LIKE({123}, '[0-9]+')       --> TRUE
CONTAINS({12345}, '34')            --> TRUE
STARTSWITH({12345}, '12')          --> TRUE
REVERSE({123})                     --> '321'

-- joins and sets
SELECT COUNT(*) FROM rows_of a JOIN rows_of b ON a.n = b.s        --> (2)
SELECT COUNT(*) FROM rows_of a JOIN rows_of b ON a.d = b.t        --> (2)
SELECT COUNT(*) FROM rows_of WHERE n IN (SELECT s FROM rows_of)   --> (2)
SELECT COUNT(*) FROM rows_of WHERE d >= t                         --> (2)
SELECT n FROM rows_of UNION SELECT s FROM rows_of ORDER BY 1      --> (1), (2), (3), (10)
SELECT COUNT(*) FROM rows_of WHERE s > 1.5                        --> (2)
WITH x AS (SELECT s AS v FROM rows_of) SELECT SUM(v) FROM x WHERE v < 9  --> (3)
SELECT SUM(v.b) FROM (VALUES (1, '5'), (2, '7')) v(a, b)          --> (12)
SELECT COUNT(*) FROM rows_of WHERE s IN (SELECT n FROM rows_of)   --> (2)
SELECT COUNT(*) FROM rows_of WHERE n = (SELECT MAX(s) FROM rows_of)  --> (1)
SELECT MAX(s) FROM rows_of                                        --> ('2.0')
SELECT n FROM rows_of WHERE EXISTS (SELECT 1 FROM rows_of b WHERE b.s = rows_of.n + 7)  --> (3)
