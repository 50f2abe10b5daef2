-- Rounding: halves away from zero, to a scale, on either side of the point
ABS({-5})                                          --> 5
CEIL({1.1})                                        --> 2
CEIL({-975.975})                                   --> -975
CEIL({135.135}, 1)                                 --> 135.2
CEIL({135.135}, -2)                                --> 200
CEIL({-975.975}, 1)                                --> -975.9
CEIL({135.135::float}, {1})                        --> 135.2
FLOOR({1.9})                                       --> 1
FLOOR({-1.1})                                      --> -2
FLOOR({135.135}, 1)                                --> 135.1
FLOOR({-975.975}, 1)                               --> -976.0
FLOOR({-975.975}, -2)                              --> -1000
FLOOR({135.135::float}, {-2})                      --> 100
ROUND({135.135}, 2)                                --> 135.14
ROUND({-975.975}, 2)                               --> -975.98
ROUND({135.135}, -2)                               --> 100
ROUND({1250}, -2)                                  --> 1300
ROUND({1250}, {-2})                                --> 1300
ROUND({2.5})                                       --> 3
ROUND({-2.5})                                      --> -3
ROUND({2.5::float})                                --> 3
ROUND({0.5::float})                                --> 1
ROUND({-0.5::float})                               --> -1
ROUND({2.5}, 0, 'HALF_TO_EVEN')                    --> 2
ROUND({3.5}, 0, 'HALF_TO_EVEN')                    --> 4
ROUND({2.5}, 0, 'HALF_AWAY_FROM_ZERO')             --> 3
ROUND({NULL::int}, 2)                              --> NULL
TRUNC({135.135}, 1)                                --> 135.1
TRUNC({-975.975})                                  --> -975
TRUNC({-975.975}, -2)                              --> -900
TRUNC({9.99::float}, {1})                          --> 9.9
TRUNCATE({1.789}, 2)                               --> 1.78
-- Division and remainders: the sign of the dividend; zero is an error, or 0
{7} / {2}                                          --> 3.5
{10} / {4}                                         --> 2.5
{1} / {3}                                          --> 0.333333  -- differs: 15 digits instead of the scale of the dividend plus six
{1} / {0}                                          --> error
{1.5::float} / {0}                                 --> error
{5} / {NULL::int}                                  --> NULL
DIV0({1}, {0})                                     --> 0
DIV0({1}, {2})                                     --> 0.5
DIV0({NULL::int}, 0)                               --> NULL
DIV0({1}, {NULL::int})                             --> NULL
DIV0NULL({1}, {NULL::int})                         --> 0
DIV0NULL({1}, {0})                                 --> 0
DIV0NULL({6}, {3})                                 --> 2
DIV0NULL({NULL::int}, {3})                         --> NULL
MOD({3}, {2})                                      --> 1
MOD({4.5}, {1.2})                                  --> 0.9
MOD({-7}, {3})                                     --> -1
MOD({7}, {-3})                                     --> 1
{-7} % {3}                                         --> -1
MOD({5}, {0})                                      --> error
MOD({NULL::int}, 2)                                --> NULL
-- Powers, roots, logarithms
SIGN({-5})                                         --> -1
SIGN({0})                                          --> 0
SIGN({5.5::float})                                 --> 1
SQRT({16})                                         --> 4
SQRT({-1})                                         --> error
CBRT({27})                                         --> 3
EXP({0})                                           --> 1
LN({100})                                          --> 4.605170185988092
LN({0})                                            --> error
LN({-1})                                           --> error
LOG(10, {100})                                     --> 2
LOG({2}, {0.5})                                    --> -1
LOG({4}, {16})                                     --> 2
POWER({2}, {3})                                    --> 8
POW({2}, {-1})                                     --> 0.5
SQUARE({-2})                                       --> 4
FACTORIAL({5})                                     --> 120
FACTORIAL({0})                                     --> 1
-- Angles
PI()                                               --> 3.141592653589793
DEGREES({3.141592653589793})                       --> 180
RADIANS({180})                                     --> 3.141592653589793
SIN({0})                                           --> 0
COS({0})                                           --> 1
TAN({0})                                           --> 0
COT({1})                                           --> 0.642092615934331
ASIN({1})                                          --> 1.5707963267948966
ACOS({1})                                          --> 0
ATAN({1})                                          --> 0.7853981633974483
ATAN2({5}, {5})                                    --> 0.7853981633974483
SINH({1.5})                                        --> 2.1292794550948173
COSH({1.5})                                        --> 2.352409615243247
TANH({1.5})                                        --> 0.9051482536448664
ASINH({2.25})                                      --> 1.5501579568690622
ACOSH({2.352409615})                               --> 1.4999999998857607
ATANH({0.1})                                       --> 0.10033534773107558
HAVERSINE({40.7127}, {-74.0059}, 34.0500, -118.2500)  --> 3936.385096389
-- The greatest and the smallest: NULL if there is one, unless NULLs are to be ignored
GREATEST({1}, {3}, {2})                            --> 3
GREATEST({1}, {NULL::int})                         --> NULL
GREATEST({'a'}, {'b'})                             --> 'b'
LEAST({1}, {3}, {2})                               --> 1
LEAST({1}, {NULL::int})                            --> NULL
GREATEST_IGNORE_NULLS({1}, {NULL::int}, {3})       --> 3
GREATEST_IGNORE_NULLS({NULL::int}, {NULL::int})    --> NULL
LEAST_IGNORE_NULLS({1}, {NULL::int}, {3})          --> 1
-- Bits
BITAND({5}, {3})                                   --> 1
BITOR({5}, {3})                                    --> 7
BITXOR({5}, {3})                                   --> 6
BITNOT({5})                                        --> -6
BITSHIFTLEFT({1}, {4})                             --> 16
BITSHIFTRIGHT({16}, {2})                           --> 4
BIT_SHIFTRIGHT({16}, 2)                            --> 4
BITAND({NULL::int}, 1)                             --> NULL
GETBIT({11}, {3})                                  --> 1
GETBIT({11}, {2})                                  --> 0
-- Buckets
WIDTH_BUCKET({290000}, 200000, 600000, 4)          --> 1
WIDTH_BUCKET({320000.00}, 200000, 600000, 4)       --> 2
WIDTH_BUCKET({399999.99}, 200000, 600000, 4)       --> 2
WIDTH_BUCKET({400000.00}, 200000, 600000, 4)       --> 3
WIDTH_BUCKET({700000}, 200000, 600000, 4)          --> 5
WIDTH_BUCKET({199999}, 200000, 600000, 4)          --> 0
-- Numbers from text with a precision, a scale, a format
TO_NUMBER({'12.3456'})                             --> 12
TO_NUMBER({'12.5'})                                --> 13
TO_NUMBER({'-12.5'})                               --> -13
TO_DECIMAL({'12.3456'}, 10, 1)                     --> 12.3
TO_NUMERIC({'98.76546'}, 10, 5)                    --> 98.76546
TO_NUMBER({'12.346'}, 10, 2)                       --> 12.35
TO_NUMBER({'abc'})                                 --> error
TRY_TO_NUMBER({'abc'})                             --> NULL
TRY_TO_NUMBER({'12.5'})                            --> 13
TRY_TO_DECIMAL({'12.346'}, 10, 2)                  --> 12.35
TO_NUMBER({NULL})                                  --> NULL
TO_NUMBER({'1234'}, '9999')                        --> 1234
TO_NUMBER({'12.34'}, '99.99', 4, 2)                --> 12.34
TO_NUMBER({'12.34'}, '99.99')                      --> 12
TO_NUMBER({'3,741.72'}, '9,999.99', 6, 2)          --> 3741.72
TO_DECIMAL({'$3,741.72'}, '$9,999.99', 6, 2)       --> 3741.72
TO_NUMBER({'ae5'}, 'XXX')                          --> 2789
TO_NUMBER({'-12'}, 'S99')                          --> -12
TO_NUMBER({'12-'}, '99MI')                         --> -12
TO_NUMBER({'x'}, '99')                             --> error
TRY_TO_NUMBER({'x'}, '99')                         --> NULL
TRY_TO_NUMBER({'$1,234.50'}, '$9,999.99', 10, 2)   --> 1234.50
-- Numbers as text with a format: a leading place for the sign, blanks for leading zeros, # where it does not fit
TO_CHAR({12345.678}, '99,999.99')                  --> ' 12,345.68'
TO_CHAR({12}, '999')                               --> '  12'
TO_CHAR({5}, '000')                                --> ' 005'
TO_CHAR({5}, 'FM000')                              --> '005'
TO_CHAR({1234.5}, 'FM9,999.00')                    --> '1,234.50'
TO_VARCHAR({-12.391}, '">"$99.0"<"')               --> '>-$12.4<'
TO_VARCHAR({0}, '">"$99.0"<"')                     --> '>  $0.0<'
TO_VARCHAR({-1}, '">"$99.0"<"')                    --> '> -$1.0<'
TO_VARCHAR({0.10}, '">"$99.0"<"')                  --> '>  $0.1<'
TO_VARCHAR({3987}, '">"$99.0"<"')                  --> '> $##.#<'
TO_VARCHAR({1.111}, '">"$99.0"<"')                 --> '>  $1.1<'
TO_VARCHAR({-12.391}, '">"B9,999.0"<"')            --> '>   -12.4<'
TO_VARCHAR({0}, '">"B9,999.0"<"')                  --> '>      .0<'
TO_VARCHAR({3987}, '">"B9,999.0"<"')               --> '> 3,987.0<'
TO_VARCHAR({-12.391}, '">"TM9"<"')                 --> '>-12.391<'
TO_VARCHAR({3987}, '">"0XXX"<"')                   --> '>0F93<'
TO_VARCHAR({-123.45}, '999.99MI')                  --> '123.45-'
TO_VARCHAR({123.45}, '999.99MI')                   --> '123.45 '
TO_VARCHAR({12}, 'S99')                            --> '+12'
TO_VARCHAR({-12}, 'S99')                           --> '-12'
TO_CHAR({NULL::int}, '999')                        --> NULL
TO_CHAR({42})                                      --> '42'
TO_CHAR({12.50})                                   --> '12.50'
-- Random numbers and sequences
RANDOM() = RANDOM()                                --> FALSE
UNIFORM(1, 10, RANDOM()) BETWEEN 1 AND 10          --> TRUE
NORMAL(0, 1, RANDOM()) IS NULL                     --> FALSE
ZIPF(1, 10, RANDOM()) BETWEEN 1 AND 10             --> TRUE
