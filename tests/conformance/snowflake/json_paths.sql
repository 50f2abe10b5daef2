-- Paths into documents, parsing, casts. Tables: ev holds JSON as text and as VARIANT.
CREATE TABLE ev AS SELECT * FROM (VALUES
  (1, '{"uid": "u1", "n": 9, "tags": ["a", "b"], "o": {"k": 1}}'),
  (2, '{"user": "u2", "n": 10, "uid": null}'),
  (3, '')
) v(id, p);
CREATE TABLE vv AS SELECT id, TRY_CAST(NULLIF(p, '') AS JSON) AS v FROM ev;

-- PARSE_JSON
PARSE_JSON({'{"a": 1}'}):a::int                              --> 1
PARSE_JSON({''})                                             --> NULL
PARSE_JSON({'   '}):a::string                                --> NULL
PARSE_JSON({NULL::string})                                   --> NULL
PARSE_JSON({'null'})                                         --> JSON null
PARSE_JSON({'"text"'})::string                               --> 'text'
PARSE_JSON({'12.5'})                                         --> 12.5
PARSE_JSON({'{"a": 1'})                                      --> error
PARSE_JSON({'{"b": 1, "a": {"d": 1, "c": 2}}'})::string      --> '{"a":{"c":2,"d":1},"b":1}'
PARSE_JSON({'{"a": 1, "a": 2}'}, 'd'):a::int                 --> 2  -- rejected: PARSE_JSON
TRY_PARSE_JSON({'{"a": 1'})                                  --> NULL
TRY_PARSE_JSON({''})                                         --> NULL
TRY_PARSE_JSON({'{"a": "x"}'}):a::string                     --> 'x'
CHECK_JSON({'{"a": 1}'})                                     --> NULL
CHECK_JSON({''})                                             --> NULL
CHECK_JSON({'{"a": 1'}) IS NULL                              --> FALSE
PARSE_XML({'<a>1</a>'})                                      --> any  -- rejected: PARSE_XML
XMLGET(PARSE_XML({'<a><b>1</b></a>'}), 'b')                  --> any  -- rejected: XML
CHECK_XML({'<a>1</a>'})                                      --> any  -- rejected: CHECK_XML
TO_XML({'a'}::variant)                                       --> any  -- rejected: TO_XML

-- paths
PARSE_JSON({'{"a": {"b": "x"}}'}):a.b::string                --> 'x'
PARSE_JSON({'{"a": {"b": "x"}}'}):a:b::string                --> 'x'
PARSE_JSON({'{"a": {"b": "x"}}'})['a']['b']::string          --> 'x'
PARSE_JSON({'{"a": {"b": "x"}}'}):a['b']::string             --> 'x'
PARSE_JSON({'{"a": {"b c": "x"}}'}):a."b c"::string          --> 'x'
PARSE_JSON({'{"a.b": "x"}'}):"a.b"::string                   --> 'x'
PARSE_JSON({'{"a.b": "x"}'})['a.b']::string                  --> 'x'
PARSE_JSON({'{"$os": "x"}'}):"$os"::string                   --> 'x'
PARSE_JSON({'{"$os": "x"}'})['$os']::string                  --> 'x'
PARSE_JSON({'{"a": 1}'}):A                                   --> NULL
PARSE_JSON({'{"a": [5, 6]}'}):a[1]::int                      --> 6
PARSE_JSON({'{"a": [5, 6]}'}):a[7]                           --> NULL
PARSE_JSON({'{"a": [5, 6]}'}):a[-1]                          --> NULL
PARSE_JSON({'[5, 6]'})[0]::int                               --> 5
PARSE_JSON({'[5, 6]'})[-1]                                   --> NULL
PARSE_JSON({'[{"p": "x"}, {"p": "y"}]'})[1]:p::string        --> 'y'
PARSE_JSON({'[{"p": "x"}, {"p": "y"}]'})[1].p::string        --> 'y'
PARSE_JSON({'{"a": {"b": 1}}'}):a.missing.b                  --> NULL
PARSE_JSON({'{"a": "x"}'}):a:b                               --> NULL
PARSE_JSON({'{"a": null}'}):a                                --> JSON null
PARSE_JSON({'{"a": null}'}):a IS NULL                        --> FALSE
PARSE_JSON({'{"a": null}'}):b IS NULL                        --> TRUE
PARSE_JSON({'{"a": null}'}):a::string                        --> NULL
PARSE_JSON({'{"a": null}'}):a::int                           --> NULL
GET(PARSE_JSON({'{"a": 7}'}), 'a')::int                      --> 7
GET(PARSE_JSON({'{"a": 7}'}), {'a'})::int                    --> 7
GET(PARSE_JSON({'{"a": 7}'}), 'A')                           --> NULL
GET(PARSE_JSON({'[5, 6]'}), 1)::int                          --> 6
GET(PARSE_JSON({'[5, 6]'}), {1})::int                        --> 6
GET(PARSE_JSON({'[5, 6]'}), {9})                             --> NULL
GET(PARSE_JSON({'[5, 6]'}), {-1})                            --> NULL
GET(ARRAY_CONSTRUCT({'x'}, {'y'}), 1)::string                --> 'y'
GET_PATH(PARSE_JSON({'{"a": [{"b": "x"}]}'}), 'a[0].b')::string --> 'x'
GET_PATH(PARSE_JSON({'{"a": [{"b": "x"}]}'}), 'a[1].b')      --> NULL
JSON_EXTRACT_PATH_TEXT({'{"a": {"b": "x"}}'}, 'a.b')         --> 'x'
JSON_EXTRACT_PATH_TEXT({'{"a": {"b": "x"}}'}, 'a')           --> '{"b":"x"}'
JSON_EXTRACT_PATH_TEXT({''}, 'a')                            --> NULL

-- casts
PARSE_JSON({'{"a": "x"}'}):a::varchar                        --> 'x'
CAST(PARSE_JSON({'{"a": "x"}'}):a AS text)                   --> 'x'
PARSE_JSON({'{"a": 5}'}):a::string                           --> '5'
PARSE_JSON({'{"a": true}'}):a::string                        --> 'true'
PARSE_JSON({'{"a": [1, "b"]}'}):a::string                    --> '[1,"b"]'
PARSE_JSON({'{"a": "12"}'}):a::int                           --> 12
PARSE_JSON({'{"a": 2.5}'}):a::int                            --> 3
PARSE_JSON({'{"a": 2.7}'}):a::number(10, 1)                  --> 2.7
PARSE_JSON({'{"a": "2.5"}'}):a::float                        --> 2.5
PARSE_JSON({'{"a": "true"}'}):a::boolean                     --> TRUE
PARSE_JSON({'{"a": false}'}):a::boolean                      --> FALSE
PARSE_JSON({'{"a": "x"}'}):a::int                            --> error
PARSE_JSON({'{"a": "2026-01-31"}'}):a::date                  --> DATE '2026-01-31'
PARSE_JSON({'{"a": "2026-01-31 10:00:00"}'}):a::timestamp_ntz --> TIMESTAMP '2026-01-31 10:00:00'
PARSE_JSON({'{"a": "2026-01-31T10:00:00Z"}'}):a::timestamp_ntz --> TIMESTAMP '2026-01-31 10:00:00'
PARSE_JSON({'{"a": 12345678901234567890}'}):a::number(38, 0) --> 12345678901234567890
PARSE_JSON({'{"a": 12345678901234567890}'}):a::string        --> '12345678901234567890'
{'x'}::variant::string                                       --> 'x'
TO_VARIANT({'x'})::string                                    --> 'x'
{5}::variant::string                                         --> '5'
TO_VARIANT({5}) + 1                                          --> 6
TRY_CAST(PARSE_JSON({'{"a": "x"}'}):a::string AS int)        --> NULL
TO_JSON(PARSE_JSON({'{"b": 1, "a": 2}'}))                    --> '{"a":2,"b":1}'
TO_JSON(PARSE_JSON({'"x"'}))                                 --> '"x"'
TO_JSON(ARRAY_CONSTRUCT({1}, {'a'}))                         --> '[1,"a"]'

-- where a document meets other values
PARSE_JSON({'{"a": "x"}'}):a = 'x'                           --> TRUE
'x' = PARSE_JSON({'{"a": "x"}'}):a                           --> TRUE
PARSE_JSON({'{"a": "x"}'}):a <> 'x'                          --> FALSE
PARSE_JSON({'{"a": "x"}'}):a IN ('x', 'y')                   --> TRUE
PARSE_JSON({'{"a": "x"}'}):a LIKE 'x%'                       --> TRUE
PARSE_JSON({'{"a": 9}'}):a > 10                              --> FALSE
PARSE_JSON({'{"a": 9}'}):a BETWEEN 5 AND 10                  --> TRUE
PARSE_JSON({'{"a": 9}'}):a = 9                               --> TRUE
PARSE_JSON({'{"a": true}'}):a = TRUE                         --> TRUE
PARSE_JSON({'{"a": 9}'}):a + 1                               --> 10
PARSE_JSON({'{"a": 9, "b": 2}'}):a * PARSE_JSON({'{"a": 9, "b": 2}'}):b --> 18
PARSE_JSON({'{"a": "x"}'}):a || '!'                          --> 'x!'
UPPER(PARSE_JSON({'{"a": "x"}'}):a)                          --> 'X'
TRIM(PARSE_JSON({'{"a": " x "}'}):a)                         --> 'x'
SPLIT_PART(PARSE_JSON({'{"a": "x@y"}'}):a, '@', 2)           --> 'y'
CONCAT(PARSE_JSON({'{"a": "x"}'}):a, '-', PARSE_JSON({'{"b": 2}'}):b) --> 'x-2'
MD5(PARSE_JSON({'{"a": "x"}'}):a)                            --> '9dd4e461268c8034f5c8564e155c67a6'
ROUND(PARSE_JSON({'{"a": 9.6}'}):a)                          --> 10

-- where one of several documents is chosen
COALESCE(PARSE_JSON({'{"b": "x"}'}):a, PARSE_JSON({'{"b": "x"}'}):b)::string --> 'x'
NVL(PARSE_JSON({'{"b": "x"}'}):a, PARSE_JSON({'{"b": "x"}'}):b)::string --> 'x'
IFNULL(PARSE_JSON({'{"b": "x"}'}):a, PARSE_JSON({'{"b": "x"}'}):b)::string --> 'x'
COALESCE(PARSE_JSON({'{"b": "x"}'}):a, 'none')               --> 'none'
COALESCE(PARSE_JSON({'{"a": "x"}'}):a, 'none')::string       --> 'x'
COALESCE(PARSE_JSON({'{"a": 5}'}):a, 0)                      --> 5
NVL2(PARSE_JSON({'{"a": "x"}'}):a, PARSE_JSON({'{"b": "y"}'}):b, PARSE_JSON({'{"c": "z"}'}):c)::string --> 'y'
ZEROIFNULL(PARSE_JSON({'{"a": 5}'}):b::int)                  --> 0
IFF({TRUE}, PARSE_JSON({'{"a": "x"}'}):a, PARSE_JSON({'{"b": "y"}'}):b)::string --> 'x'
IFF({FALSE}, PARSE_JSON({'{"a": "x"}'}):a, 'none')           --> 'none'
IFF(PARSE_JSON({'{"a": "x"}'}):a = 'x', 1, 2)                --> 1
CASE WHEN {TRUE} THEN PARSE_JSON({'{"a": "x"}'}):a ELSE PARSE_JSON({'{"b": "y"}'}):b END::string --> 'x'
CASE WHEN {TRUE} THEN PARSE_JSON({'{"a": "x"}'}):a END::string --> 'x'
CASE PARSE_JSON({'{"a": "x"}'}):a WHEN 'x' THEN 1 ELSE 2 END --> 1
CASE {'x'} WHEN PARSE_JSON({'{"a": "x"}'}):a THEN 1 ELSE 2 END --> 1
DECODE(PARSE_JSON({'{"a": "x"}'}):a, 'x', 1, 2)              --> 1
DECODE({1}, 1, PARSE_JSON({'{"a": "x"}'}):a, PARSE_JSON({'{"b": "y"}'}):b)::string --> 'x'
NULLIF(PARSE_JSON({'{"a": "x"}'}):a, 'x')                    --> NULL
NULLIF(PARSE_JSON({'{"a": "x"}'}):a, '')                     --> 'x'
NULLIF(PARSE_JSON({'{"a": "x"}'}):a, PARSE_JSON({'{"b": "y"}'}):b)::string --> 'x'
GREATEST(PARSE_JSON({'{"a": "x"}'}):a, PARSE_JSON({'{"b": "y"}'}):b)::string --> 'y'
GREATEST(PARSE_JSON({'9'}), PARSE_JSON({'10'}))::int         --> 10
LEAST(PARSE_JSON({'9'}), PARSE_JSON({'10'}))::int            --> 9
EQUAL_NULL(PARSE_JSON({'{"a": "x"}'}):a, 'x')                --> TRUE

-- the same in queries
SELECT id, COALESCE(PARSE_JSON(p):uid, PARSE_JSON(p):user)::string AS u FROM ev ORDER BY id --> (1, 'u1'), (2, NULL), (3, NULL)
SELECT id, COALESCE(STRIP_NULL_VALUE(PARSE_JSON(p):uid), PARSE_JSON(p):user)::string AS u FROM ev ORDER BY id --> (1, 'u1'), (2, 'u2'), (3, NULL)
SELECT MAX(PARSE_JSON(p):uid)::string FROM ev                --> 'u1'
SELECT MAX(PARSE_JSON(p):n)::int, MIN(PARSE_JSON(p):n)::int FROM ev --> (10, 9)
SELECT MAX(v:n)::int, MIN(v:n)::int FROM vv                  --> (10, 9)
SELECT MODE(v:user)::string FROM vv                          --> 'u2'
SELECT ANY_VALUE(v:user)::string FROM vv                     --> 'u2'
SELECT MAX_BY(v:n, id)::int, MIN_BY(v:user, id)::string FROM vv WHERE id < 3 --> (10, NULL)
SELECT LISTAGG(v:n, ',') FROM vv WHERE id < 3                --> '10,9'
SELECT LISTAGG(DISTINCT v:user, ',') FROM vv                 --> 'u2'
SELECT LISTAGG(v:user, ',') WITHIN GROUP (ORDER BY v:user) FROM vv --> 'u2'
SELECT ARRAY_TO_STRING(ARRAY_AGG(v:user), ',') FROM vv       --> 'u2'
SELECT ARRAY_AGG(v:user)::string FROM vv                     --> '["u2"]'
SELECT ARRAY_AGG(v:user)[0]::string FROM vv                  --> 'u2'
SELECT COUNT(DISTINCT v:n) FROM vv                           --> 2
SELECT SUM(v:n), AVG(v:n) FROM vv                            --> (19, 9.5)
SELECT v:n::string FROM vv WHERE id < 3 ORDER BY v:n         --> ('9'), ('10')
SELECT id FROM vv WHERE v:user = 'u2'                        --> 2
SELECT v:tags[0]::string FROM vv WHERE v:tags IS NOT NULL    --> 'a'
SELECT DISTINCT FIRST_VALUE(v:user) OVER (ORDER BY id DESC)::string FROM vv WHERE id < 3 --> 'u2'
SELECT LAG(v:uid) OVER (ORDER BY id)::string FROM vv WHERE id < 3 ORDER BY id --> (NULL), ('u1')
SELECT MAX(v:n) OVER (PARTITION BY 1)::int FROM vv WHERE id = 1 --> 9
SELECT (SELECT MAX(v:user) FROM vv)::string                  --> 'u2'
SELECT a.id FROM vv a JOIN ev b ON a.v:user = PARSE_JSON(b.p):user --> 2
SELECT a.id FROM vv a JOIN (SELECT 'u2' AS u) b ON a.v:user = b.u --> 2
WITH a AS (SELECT v:user AS u FROM vv) SELECT u::string FROM a WHERE u IS NOT NULL --> 'u2'
WITH a AS (SELECT v:user AS u FROM vv) SELECT MAX(u)::string FROM a --> 'u2'
WITH a AS (SELECT v:user AS u FROM vv), b AS (SELECT * FROM a) SELECT u::string FROM b WHERE u = 'u2' --> 'u2'
SELECT UPPER(u) FROM (SELECT v:user AS u FROM vv) WHERE u IS NOT NULL --> 'U2'
SELECT u::string FROM (SELECT v:user AS u FROM vv UNION ALL SELECT v:missing FROM vv) WHERE u IS NOT NULL --> 'u2'
SELECT n + 1 FROM (SELECT v:n AS n FROM vv) WHERE n = 9      --> 10
SELECT v:n AS n, COUNT(*) FROM vv WHERE id < 3 GROUP BY v:n ORDER BY n --> (9, 1), (10, 1)
SELECT v::string FROM (SELECT PARSE_JSON('"x"') AS v)        --> 'x'

-- VARIANT columns: what they are among other values
COALESCE({PARSE_JSON('"x"')}, {PARSE_JSON('"y"')})::string   --> 'x'
COALESCE({PARSE_JSON('"x"')}, {'none'})                      --> 'x'
COALESCE({PARSE_JSON('12345678901234567')}, {0})::string     --> '12345678901234567'
NVL({PARSE_JSON('5')}, {0}) + 1                              --> 6
IFF({TRUE}, {PARSE_JSON('"x"')}, {PARSE_JSON('"y"')})::string --> 'x'
IFF({FALSE}, {PARSE_JSON('"x"')}, {'none'})                  --> 'none'
CASE WHEN {TRUE} THEN {PARSE_JSON('"x"')} END::string        --> 'x'
CASE {PARSE_JSON('"x"')} WHEN 'x' THEN 1 ELSE 2 END          --> 1
DECODE({PARSE_JSON('"x"')}, 'x', 1, 2)                       --> 1
NULLIF({PARSE_JSON('"x"')}, 'x')                             --> NULL
GREATEST({PARSE_JSON('9')}, {PARSE_JSON('10')})::int         --> 10
{PARSE_JSON('"x"')}::string                                  --> 'x'
{PARSE_JSON('"x"')}::varchar(10)                             --> 'x'
{PARSE_JSON('"xyz"')}::varchar(2)                            --> 'xy'
{PARSE_JSON('2.5')}::int                                     --> 3
{PARSE_JSON('"2.5"')}::float                                 --> 2.5
{PARSE_JSON('"2026-01-31"')}::date                           --> DATE '2026-01-31'
{PARSE_JSON('"01/31/2026"')}::date                           --> DATE '2026-01-31'
{PARSE_JSON('"yes"')}::boolean                               --> TRUE
{PARSE_JSON('"x"')} = 'x'                                    --> TRUE
{PARSE_JSON('"x"')} = {'x'}                                  --> TRUE
{PARSE_JSON('9')} = {9}                                      --> TRUE
{PARSE_JSON('9')} < {10}                                     --> TRUE
{PARSE_JSON('9')} > '10'                                     --> FALSE  -- differs: compared as text
{PARSE_JSON('9007199254740993')} = {9007199254740992}        --> FALSE
{PARSE_JSON('true')} = TRUE                                  --> TRUE
{PARSE_JSON('"x"')} IN ('x', 'y')                            --> TRUE
{PARSE_JSON('"x"')} LIKE 'x%'                                --> TRUE
{PARSE_JSON('9')} + {1}                                      --> 10
{PARSE_JSON('9')} * 2.5                                      --> 22.5
ABS({PARSE_JSON('-9')})                                      --> 9
ROUND({PARSE_JSON('9.6')})                                   --> 10
UPPER({PARSE_JSON('"x"')})                                   --> 'X'
{PARSE_JSON('"x"')} || '!'                                   --> 'x!'
LEFT({PARSE_JSON('"xyz"')}, 2)                               --> 'xy'
SPLIT_PART({PARSE_JSON('"x@y"')}, '@', 2)                    --> 'y'
SPLIT({PARSE_JSON('"x,y"')}, ',')                            --> ["x", "y"]
REGEXP_REPLACE({PARSE_JSON('"x1"')}, '[0-9]', '')            --> 'x'
MD5({PARSE_JSON('"x"')})                                     --> '9dd4e461268c8034f5c8564e155c67a6'
SHA2({PARSE_JSON('"x"')})                                    --> '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'
DATEDIFF(day, {PARSE_JSON('"2026-01-01"')}, '2026-01-31')    --> 30
YEAR({PARSE_JSON('"2026-01-31"')})                           --> 2026
TO_DATE({PARSE_JSON('"2026-01-31"')})                        --> DATE '2026-01-31'
PARSE_JSON({PARSE_JSON('"[1, 2]"')})[1]::int                 --> 2
ARRAY_DISTINCT({PARSE_JSON('[1, 1, 2]')})                    --> [1, 2]
ARRAY_CAT({PARSE_JSON('[1]')}, {PARSE_JSON('["a"]')})        --> [1, "a"]
ARRAY_SORT({PARSE_JSON('[9, 10, 1]')})                       --> [1, 9, 10]
ARRAY_SLICE({PARSE_JSON('[9, 10, 1]')}, 0, 2)                --> [9, 10]
{ARRAY_CONSTRUCT('a', 'b')}::string                          --> '["a","b"]'
{ARRAY_CONSTRUCT('a', 'b')}[1]::string                       --> 'b'
{OBJECT_CONSTRUCT('b', 1, 'a', 'x')}::string                 --> '{"a":"x","b":1}'
SELECT id FROM vv WHERE v:n > (SELECT MIN(v:n) FROM vv)      --> 2
WITH a AS (SELECT id, v:n AS n FROM vv WHERE id < 3) SELECT id FROM a ORDER BY n DESC --> (2), (1)
WITH a AS (SELECT id, v:n AS n FROM vv WHERE id < 3) SELECT n FROM a ORDER BY 1 --> (9), (10)
WITH a AS (SELECT v:n AS n FROM vv) SELECT MAX(n)::string, MIN(n)::string, SUM(n) FROM a --> ('10', '9', 19)
WITH a AS (SELECT id, v:user AS u FROM vv) SELECT LISTAGG(u, ','), MODE(u)::string, ANY_VALUE(u)::string FROM a --> ('u2', 'u2', 'u2')
WITH a AS (SELECT id, v:user AS u FROM vv) SELECT ARRAY_AGG(u)::string, ARRAY_TO_STRING(ARRAY_AGG(u), ',') FROM a --> ('["u2"]', 'u2')
WITH a AS (SELECT id, v:user AS u FROM vv) SELECT COALESCE(u, 'none'), NVL(u, 'none')::string FROM a WHERE id < 3 ORDER BY id --> ('none', 'none'), ('u2', 'u2')
WITH a AS (SELECT v:user AS u FROM vv), b AS (SELECT 'u2' AS u) SELECT COUNT(*) FROM a JOIN b ON a.u = b.u --> 1
SELECT COUNT(*) FROM (SELECT v:user AS u FROM vv UNION SELECT 'u2') WHERE u IS NOT NULL --> 1
GET_IGNORE_CASE({PARSE_JSON('{"AB": 1, "ab": 2}')}, 'ab')::int  --> 2
GET_IGNORE_CASE({PARSE_JSON('{"a": 1}')}, 'b')                  --> NULL
