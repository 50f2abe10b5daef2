IFF({TRUE}, 1, 2)                                  --> 1
IFF({FALSE}, 1, 2)                                 --> 2
IFF({NULL::boolean}, 'a', 'b')                     --> 'b'
IFF({1} > {0}, {NULL}, 'x')                        --> NULL
NVL({NULL}, {'x'})                                 --> 'x'
NVL({'a'}, 'x')                                    --> 'a'
IFNULL({NULL::int}, {0})                           --> 0
NVL2({'a'}, 1, 2)                                  --> 1
NVL2({NULL}, 1, 2)                                 --> 2
COALESCE({NULL}, {NULL}, {'c'})                    --> 'c'
COALESCE({NULL::int}, {NULL::int})                 --> NULL
NULLIF({1}, {1})                                   --> NULL
NULLIF({1}, {2})                                   --> 1
NULLIF({NULL::int}, {1})                           --> NULL
NULLIF({''}, '')                                   --> NULL
ZEROIFNULL({NULL::int})                            --> 0
ZEROIFNULL({5})                                    --> 5
NULLIFZERO({0})                                    --> NULL
NULLIFZERO({5})                                    --> 5
-- DECODE finds NULL
DECODE({1}, 1, 'one', 2, 'two')                    --> 'one'
DECODE({3}, 1, 'one', 2, 'two')                    --> NULL
DECODE({3}, 1, 'one', 'other')                     --> 'other'
DECODE({NULL::int}, 1, 'one', NULL, 'none', 'other')  --> 'none'
CASE WHEN {NULL::boolean} THEN 1 ELSE 2 END        --> 2
CASE WHEN {FALSE} THEN 1 END                       --> NULL
CASE {2} WHEN 1 THEN 'a' WHEN 2 THEN 'b' END       --> 'b'
CASE {NULL::int} WHEN NULL THEN 'a' ELSE 'b' END   --> 'b'
-- Equality with NULL
EQUAL_NULL({NULL::int}, {NULL::int})               --> TRUE
EQUAL_NULL({1}, {NULL::int})                       --> FALSE
EQUAL_NULL({1}, {1})                               --> TRUE
NOT EQUAL_NULL({1}, {NULL::int})                   --> TRUE
{1} IS DISTINCT FROM {NULL::int}                   --> TRUE
{NULL::int} IS NOT DISTINCT FROM {NULL::int}       --> TRUE
{1} = {NULL::int}                                  --> NULL
{NULL::int} <> {1}                                 --> NULL
{NULL} IS NULL                                     --> TRUE
{'a'} IS NOT NULL                                  --> TRUE
-- Three-valued logic
{NULL::boolean} AND {FALSE}                        --> FALSE
{NULL::boolean} AND {TRUE}                         --> NULL
{NULL::boolean} OR {TRUE}                          --> TRUE
{NULL::boolean} OR {FALSE}                         --> NULL
NOT {NULL::boolean}                                --> NULL
{TRUE} IS TRUE                                     --> TRUE
{NULL::boolean} IS NOT TRUE                        --> TRUE
BOOLAND({1}, {-2})                                 --> TRUE
BOOLAND({0}, {2})                                  --> FALSE
BOOLAND({0}, {NULL::int})                          --> FALSE
BOOLAND({1}, {NULL::int})                          --> NULL
BOOLOR({1}, {NULL::int})                           --> TRUE
BOOLOR({0}, {NULL::int})                           --> NULL
BOOLOR({0}, {0})                                   --> FALSE
BOOLNOT({0})                                       --> TRUE
BOOLNOT({5})                                       --> FALSE
BOOLXOR({1}, {-2})                                 --> FALSE
BOOLXOR({1}, {0})                                  --> TRUE
BOOLXOR({1}, {NULL::int})                          --> NULL
-- IN, BETWEEN
{1} IN (1, 2, NULL)                                --> TRUE
{3} IN (1, 2, NULL)                                --> NULL
{3} NOT IN (1, 2)                                  --> TRUE
{3} NOT IN (1, NULL)                               --> NULL
{NULL::int} IN (1, 2)                              --> NULL
{2} BETWEEN {1} AND {3}                            --> TRUE
{4} NOT BETWEEN {1} AND {3}                        --> TRUE
{2} BETWEEN 3 AND 1                                --> FALSE
{'b'} BETWEEN 'a' AND 'c'                          --> TRUE
({1}, {2}) IN ((1, 2), (3, 4))                     --> TRUE
REGR_VALX({1}, {2})                                --> 2
REGR_VALX({NULL::int}, {2})                        --> NULL
REGR_VALY({1}, {NULL::int})                        --> NULL
