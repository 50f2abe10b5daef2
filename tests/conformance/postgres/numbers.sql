{7} / {2}                                                     --> 3
{-7} / {2}                                                    --> -3
{7} % {-3}                                                    --> 1
{-7} % {3}                                                    --> -1
{7.0} / {2}                                                   --> 3.5000000000000000
{7}::numeric / {2}                                            --> 3.5000000000000000
{7}::float / {2}                                              --> 3.5
({1} + {2}) / 2                                               --> 1
{1} / {0}                                                     --> error
DIV({7}, {2})                                                 --> 3
MOD({-7}, {3})                                                --> -1
ROUND({2.5})                                                  --> 3
ROUND({-2.5})                                                 --> -3
ROUND({2.5::double precision})                                --> 2
ROUND({3.5::double precision})                                --> 4
ROUND({2.345}, 2)                                             --> 2.35
ROUND({1234.5}, -2)                                           --> 1200
TRUNC({-2.7})                                                 --> -2
TRUNC({2.349}, 2)                                             --> 2.34
CEIL({-2.5})                                                  --> -2
FLOOR({-2.5})                                                 --> -3
{2.5}::int                                                    --> 3
{3.5}::int                                                    --> 4
{2.5::double precision}::int                                  --> 2
{3.5::double precision}::int                                  --> 4
{'12'::text}::int                                             --> 12
{'1.5'::text}::int                                            --> error
{' 12 '::text}::int                                           --> 12
{'1e3'::text}::float                                          --> 1000
{'abc'::text}::int                                            --> error
{'12.345'::text}::numeric(10,2)                               --> 12.35
{TRUE}::int                                                   --> 1
{0}::boolean                                                  --> FALSE
{'yes'::text}::boolean                                        --> TRUE
{'t'::text}::boolean                                          --> TRUE
{TRUE}::text                                                  --> 'true'
{1.0}::text                                                   --> '1.0'
{1.0::double precision}::text                                 --> '1'
{1.50::numeric}::text                                         --> '1.50'  -- differs: has ten decimal places
{1e20::double precision}::text                                --> '1e+20'
{12}::text                                                    --> '12'
{'abcdef'::text}::varchar(3)                                  --> 'abc'
{'a'::text}::char(3) = 'a'                                    --> TRUE
COALESCE({NULL::int}, {0})                                    --> 0
NULLIF({1}, {1})                                              --> NULL
GREATEST({1}, {NULL::int}, {3})                               --> 3
LEAST({1}, {NULL::int}, {3})                                  --> 1
GREATEST({NULL::int}, {NULL::int})                            --> NULL
{NULL::int} IS DISTINCT FROM {1}                              --> TRUE
CASE WHEN {NULL::boolean} THEN 1 ELSE 2 END                   --> 2
{NULL::boolean} IS NOT TRUE                                   --> TRUE
{3} IN (1, 2, 3)                                              --> TRUE
{3} NOT IN (1, 2, NULL)                                       --> NULL
{3} = ANY(ARRAY[1, 2, 3])                                     --> TRUE
{3} <> ALL(ARRAY[1, 2])                                       --> TRUE
POWER({2}, {10})                                              --> 1024
{2} ^ {3}                                                     --> 8
SQRT({9})                                                     --> 3
|/ {9.0::double precision}                                    --> 3
CBRT({27})                                                    --> 3.0000000000000004
LOG({1000})                                                   --> 3
LOG({2}, {8})                                                 --> 3.0000000000000000
LN({1})                                                       --> 0
EXP({0})                                                      --> 1
SIGN({-5})                                                    --> -1
ABS({-5})                                                     --> 5
@ -5                                                          --> 5  -- rejected: -
{5} & {3}                                                     --> 1
{5} | {3}                                                     --> 7
{5} # {3}                                                     --> 6
{1} << {3}                                                    --> 8
~{1}                                                          --> -2
WIDTH_BUCKET({5.35}, 0.024, 10.06, 5)                         --> 3
GCD({12}, {18})                                               --> 6
SCALE({1.50::numeric})                                        --> 2  -- rejected: SCALE
FACTORIAL({5})                                                --> 120
{1} = {1.0}                                                   --> TRUE
{9007199254740993} = {9007199254740993}                       --> TRUE
{0.1::numeric} + {0.2::numeric} = 0.3                         --> TRUE
{'10'::text} < {'9'::text}                                    --> TRUE
{7} / {2} * {2}                                               --> 6
SUM({7}) / COUNT(*)                                           --> 7
AVG({7})                                                      --> 7.0000000000000000
-- numbers by a format
TO_CHAR({0.5::numeric}, '9.99')                                       --> '  .50'
TO_CHAR({-12.345::numeric}, '99.99')                                  --> '-12.35'
TO_CHAR({1.5::numeric}, 'FM99.99')                                    --> '1.5'
TO_CHAR({0::numeric}, 'FM99.99')                                      --> '0.'
TO_CHAR({-0.001::numeric}, '999')                                     --> '   0'
TO_CHAR({-5}, '999MI')                                                --> '  5-'
TO_CHAR({1000000}, '9,999')                                           --> ' #,###'
TO_CHAR({5}, '999EEEE')                                               --> any  -- rejected: TO_CHAR
TO_CHAR({2.675::double precision}, '9.99')                            --> ' 2.67'
TO_CHAR({-0.001::double precision}, '9.99')                           --> ' -.00'
