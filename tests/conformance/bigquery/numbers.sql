CAST({2.5} AS INT64)                                          --> 3
CAST({-2.5} AS INT64)                                         --> -3
CAST({3.5} AS INT64)                                          --> 4
CAST({'0x1A'} AS INT64)                                       --> 26
CAST({'12'} AS INT64)                                         --> 12
SAFE_CAST({'abc'} AS INT64)                                   --> NULL
SAFE_CAST({'1.5'} AS INT64)                                   --> NULL
SAFE_CAST({'1e3'} AS INT64)                                   --> NULL
SAFE_CAST({' 12 '} AS INT64)                                  --> 12
SAFE_CAST({'1.5'} AS FLOAT64)                                 --> 1.5
SAFE_CAST({'1,234'} AS FLOAT64)                               --> NULL
SAFE_CAST({'2026-13-01'} AS DATE)                             --> NULL
SAFE_CAST({'2026-1-5'} AS DATE)                               --> DATE '2026-01-05'
SAFE_CAST({'31/01/2026'} AS DATE)                             --> NULL
SAFE_CAST({'yes'} AS BOOL)                                    --> NULL
SAFE_CAST({'1'} AS BOOL)                                      --> NULL
CAST({'TRUE'} AS BOOL)                                        --> TRUE
CAST({1.0} AS STRING)                                         --> '1'
CAST({1.5} AS STRING)                                         --> '1.5'
CAST({1e20} AS STRING)                                        --> '1e+20'
CAST({TRUE} AS STRING)                                        --> 'true'
CAST({TRUE} AS INT64)                                         --> 1
CAST({2} AS BOOL)                                             --> TRUE
CAST({10} AS FLOAT64)                                         --> 10.0
CAST({NUMERIC '2.50'} AS STRING)                              --> '2.5'
CAST({'12.345'} AS NUMERIC)                                   --> 12.345
CAST({DATE '2026-01-31'} AS STRING)                           --> '2026-01-31'
CAST({DATETIME '2026-01-31 10:30:15'} AS STRING)              --> '2026-01-31 10:30:15'
CAST({TIMESTAMP '2026-01-31 10:30:15+00'} AS STRING)          --> '2026-01-31 10:30:15+00'
CAST({TIMESTAMP '2026-01-31 10:30:15.5+00'} AS STRING)        --> '2026-01-31 10:30:15.500+00'
CAST({TIMESTAMP '2026-01-31 10:30:15+00'} AS DATE)            --> DATE '2026-01-31'
CAST({DATE '2026-01-31'} AS DATETIME)                         --> TIMESTAMP '2026-01-31 00:00:00'
CAST({'2026-01-31 10:30:15'} AS DATETIME)                     --> TIMESTAMP '2026-01-31 10:30:15'
CAST({'2026-01-31T10:30:15Z'} AS TIMESTAMP)                   --> TIMESTAMP '2026-01-31 10:30:15+00:00'
CAST({'2026-01-31'} AS TIMESTAMP)                             --> TIMESTAMP '2026-01-31 00:00:00+00:00'
CAST({DATE '2026-01-31'} AS STRING FORMAT 'DD/MM/YYYY')       --> '31/01/2026'
CAST({'31/01/2026'} AS DATE FORMAT 'DD/MM/YYYY')              --> DATE '2026-01-31'
CAST({b'abc'} AS STRING)                                      --> 'abc'
IFNULL({CAST(NULL AS INT64)}, {0})                            --> 0
NULLIF({1}, {1})                                              --> NULL
IF({CAST(NULL AS BOOL)}, 'a', 'b')                            --> 'b'
IF({1} > {0}, 'a', 'b')                                       --> 'a'
COALESCE({CAST(NULL AS STRING)}, {'x'})                       --> 'x'
GREATEST({1}, {CAST(NULL AS INT64)})                          --> NULL
GREATEST({1}, {3}, {2})                                       --> 3
LEAST({1}, {CAST(NULL AS INT64)}, {3})                        --> NULL
LEAST({DATE '2026-01-31'}, {DATE '2026-01-01'})               --> DATE '2026-01-01'
{CAST(NULL AS INT64)} IS DISTINCT FROM {1}                    --> TRUE
{CAST(NULL AS INT64)} IS NOT DISTINCT FROM {CAST(NULL AS INT64)}  --> TRUE
CASE {2} WHEN 1 THEN 'a' WHEN 2 THEN 'b' END                  --> 'b'
{CAST(NULL AS BOOL)} IS NOT TRUE                              --> TRUE
{7} / {2}                                                     --> 3.5
{6} / {2}                                                     --> 3.0
DIV({7}, {2})                                                 --> 3
DIV({-7}, {2})                                                --> -3
MOD({-7}, {3})                                                --> -1
MOD({7}, {-3})                                                --> 1
{1} / {0}                                                     --> error
ROUND({2.5})                                                  --> 3.0
ROUND({-2.5})                                                 --> -3.0
ROUND({1234.567}, -2)                                         --> 1200.0
ROUND({2.345}, 2)                                             --> 2.35
ROUND({1.005}, 2)                                             --> 1.0
TRUNC({-2.7})                                                 --> -2.0
TRUNC({2.349}, 2)                                             --> 2.34
CEIL({-2.5})                                                  --> -2.0
FLOOR({-2.5})                                                 --> -3.0
CEILING({2.1})                                                --> 3.0
SAFE_DIVIDE({1}, {0})                                         --> NULL
SAFE_DIVIDE({7}, {2})                                         --> 3.5
SAFE_ADD({9223372036854775807}, {1})                          --> NULL
SAFE_SUBTRACT({3}, {1})                                       --> 2
SAFE_MULTIPLY({3}, {2})                                       --> 6
SAFE_NEGATE({3})                                              --> -3
POW({2}, {10})                                                --> 1024.0
POWER({2}, {0.5})                                             --> 1.4142135623730951
SQRT({9})                                                     --> 3.0
CBRT({27})                                                    --> 3.0
LOG({8}, {2})                                                 --> 3.0
LOG({2.718281828459045})                                      --> 1.0
LOG10({1000})                                                 --> 3.0
LN({1})                                                       --> 0.0
EXP({0})                                                      --> 1.0
SIGN({-5})                                                    --> -1
ABS({-5})                                                     --> 5
RANGE_BUCKET({20}, [0, 10, 20, 30])                           --> 3
IS_NAN({1.5})                                                 --> FALSE
IS_INF({1.5})                                                 --> FALSE
{5} & {3}                                                     --> 1
{5} | {3}                                                     --> 7
{5} ^ {3}                                                     --> 6
{1} << {3}                                                    --> 8
~{1}                                                          --> -2
BIT_COUNT({7})                                                --> 3
{1} = {1.0}                                                   --> TRUE
{CAST(NULL AS INT64)} = {1}                                   --> NULL
{3} IN (1, 2, 3)                                              --> TRUE
{3} NOT IN (1, 2, NULL)                                       --> NULL
TO_JSON_STRING({1})                                           --> '1'
RAND() < 0                                                    --> FALSE
SAFE.LOG({0}, {2})                                            --> NULL
SAFE.SQRT({-1})                                               --> NULL
ERROR({'no'})                                                 --> error
