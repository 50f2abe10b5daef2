CAST({2.7D} AS INT)                                           --> 2
CAST({-2.7D} AS INT)                                          --> -2
CAST({2.7} AS BIGINT)                                         --> 2
INT({2.7D})                                                   --> 2
BIGINT({2.7D})                                                --> 2
CAST({'12'} AS INT)                                           --> 12
CAST({' 12 '} AS INT)                                         --> 12
CAST({'1.5'} AS INT)                                          --> error
CAST({'abc'} AS INT)                                          --> error
TRY_CAST({'abc'} AS INT)                                      --> NULL
TRY_CAST({'1.5'} AS INT)                                      --> NULL
TRY_CAST({'1.5'} AS DOUBLE)                                   --> 1.5
TRY_CAST({'1e3'} AS DOUBLE)                                   --> 1000
TRY_CAST({'yes'} AS BOOLEAN)                                  --> TRUE
TRY_CAST({'maybe'} AS BOOLEAN)                                --> NULL
CAST({TRUE} AS INT)                                           --> 1
CAST({1} AS BOOLEAN)                                          --> TRUE
CAST({TRUE} AS STRING)                                        --> 'true'
CAST({1.0D} AS STRING)                                        --> '1.0'
CAST({1.5D} AS STRING)                                        --> '1.5'
CAST({1e20D} AS STRING)                                       --> '1.0E20'
CAST({1.50} AS STRING)                                        --> '1.50'
CAST({12} AS STRING)                                          --> '12'
STRING({12})                                                  --> '12'
DOUBLE({'1.5'})                                               --> 1.5
CAST({'12.345'} AS DECIMAL(10,2))                             --> 12.35
CAST({300} AS TINYINT)                                        --> error
NVL({CAST(NULL AS INT)}, {0})                                 --> 0
IFNULL({CAST(NULL AS INT)}, {0})                              --> 0
NVL2({CAST(NULL AS INT)}, {1}, {2})                           --> 2
NULLIF({1}, {1})                                              --> NULL
IF({CAST(NULL AS BOOLEAN)}, 'a', 'b')                         --> 'b'
IFF({TRUE}, 'a', 'b')                                         --> 'a'
DECODE({2}, 1, 'a', 2, 'b', 'c')                              --> 'b'
DECODE({CAST(NULL AS INT)}, NULL, 'n', 'c')                   --> 'n'
COALESCE({CAST(NULL AS STRING)}, {'x'})                       --> 'x'
GREATEST({1}, {CAST(NULL AS INT)}, {3})                       --> 3
LEAST({1}, {CAST(NULL AS INT)}, {3})                          --> 1
ZEROIFNULL({CAST(NULL AS INT)})                               --> 0
NULLIFZERO({0})                                               --> NULL
ISNULL({CAST(NULL AS INT)})                                   --> TRUE
ISNOTNULL({1})                                                --> TRUE
ISNAN({1.5D})                                                 --> FALSE
NANVL({1.5D}, 0)                                              --> 1.5
{CAST(NULL AS INT)} IS DISTINCT FROM {1}                      --> TRUE
CASE {2} WHEN 1 THEN 'a' WHEN 2 THEN 'b' END                  --> 'b'
{7} / {2}                                                     --> 3.5
{7} DIV {2}                                                   --> 3
{-7} DIV {2}                                                  --> -3
{-7} % {3}                                                    --> -1
MOD({-7}, {3})                                                --> -1
PMOD({-7}, {3})                                               --> 2
{1} / {0}                                                     --> error
TRY_DIVIDE({1}, {0})                                          --> NULL
TRY_ADD({9223372036854775807}, {1})                           --> NULL
TRY_SUBTRACT({3}, {1})                                        --> 2
TRY_MULTIPLY({3}, {2})                                        --> 6
ROUND({2.5D})                                                 --> 3
ROUND({-2.5D})                                                --> -3
ROUND({2.345D}, 2)                                            --> 2.35
ROUND({1234.5}, -2)                                           --> 1200
BROUND({2.5D})                                                --> 2
BROUND({3.5D})                                                --> 4
CEIL({-2.5D})                                                 --> -2
FLOOR({-2.5D})                                                --> -3
CEIL({2.341}, 2)                                              --> 2.35
SIGN({-5})                                                    --> -1
ABS({-5})                                                     --> 5
POW({2}, {10})                                                --> 1024
SQRT({9})                                                     --> 3
CBRT({27})                                                    --> 3
LOG({2}, {8})                                                 --> 3
LOG({2.718281828459045D})                                     --> 1
LN({1})                                                       --> 0
LOG10({1000})                                                 --> 3
LOG2({8})                                                     --> 3
EXP({0})                                                      --> 1
FACTORIAL({5})                                                --> 120
WIDTH_BUCKET({5.35}, 0.024, 10.06, 5)                         --> 3
CONV({'ff'}, 16, 10)                                          --> '255'
BIN({5})                                                      --> '101'
UNHEX({'6162'})                                               --> X'6162'
{5} & {3}                                                     --> 1
{5} | {3}                                                     --> 7
{5} ^ {3}                                                     --> 6
~{1}                                                          --> -2
SHIFTLEFT({1}, {3})                                           --> 8
BIT_COUNT({7})                                                --> 3
{1} = {'1'}                                                   --> TRUE
{'10'} > {9}                                                  --> TRUE
{3} IN (1, 2, 3)                                              --> TRUE
{3} NOT IN (1, 2, NULL)                                       --> NULL
{TRUE} AND {CAST(NULL AS BOOLEAN)}                            --> NULL
NOT {FALSE}                                                   --> TRUE
HYPOT({3}, {4})                                               --> 5
TO_NUMBER({'1,234.5'}, '9,999.9')                             --> 1234.5
TO_CHAR({1234.5}, '9,999.9')                                  --> '1,234.5'
TYPEOF({1}) = 'x'                                             --> FALSE
{2} ** {3}                                                    --> error
-- formats of numbers
TO_CHAR({454}, '000.00')                                                --> '454.00'
TO_CHAR({4}, '999')                                                     --> '  4'
TO_CHAR({78.12}, '$99.99')                                              --> '$78.12'
TO_CHAR({-12454.8}, '99,999.9S')                                        --> '12,454.8-'
TO_CHAR({-4}, '999')                                                    --> error
TO_CHAR({-12}, 'S99')                                                   --> '-12'
TO_CHAR({12}, 'S99')                                                    --> '+12'
TO_CHAR({-12.5}, 'S00.0')                                               --> '-12.5'
TO_NUMBER({'$78.12'}, '$99.99')                                         --> 78.12
TO_NUMBER({'12,454.8-'}, '99,999.9S')                                   --> -12454.8
TO_NUMBER({'x'}, '999')                                                 --> error
TRY_TO_NUMBER({'x'}, '999')                                             --> NULL

-- numbers in other bases; types; floating numbers as text
CONV({'100'}, 2, 10)                                                    --> '4'
CONV({'255'}, 10, 16)                                                   --> 'FF'
CONV({'-10'}, 16, 10)                                                   --> '-16'  -- fails: only unsigned numbers of up to 62 bits are supported
TYPEOF({'a'})                                                           --> 'string'
TYPEOF({1.5D})                                                          --> 'double'
CAST({12345678.9D} AS STRING)                                           --> '1.23456789E7'
CAST({-0.00012D} AS STRING)                                             --> '-1.2E-4'
CAST({0.001D} AS STRING)                                                --> '0.001'
CAST({9999999D} AS STRING)                                              --> '9999999.0'
