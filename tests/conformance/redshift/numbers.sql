{7} / {2}                                --> 3
{-7} / {2}                               --> -3
{7} / {2.0}                              --> 3.5
{7}::float / {2}                         --> 3.5
({1} + {2}) / 2                          --> 1
{1} / {0}                                --> error
{7} % {3}                                --> 1
MOD({-7}, {3})                           --> -1
ROUND({2.5})                             --> 3
ROUND({-2.5})                            --> -3
ROUND({2.345}, 2)                        --> 2.35
ROUND({1234.5}, -2)                      --> 1200
CEIL({-2.5})                             --> -2
CEILING({2.1})                           --> 3
FLOOR({-2.5})                            --> -3
{2.5}::int                               --> 3
{3.5}::int                               --> 4
CAST({'12'::varchar} AS int)             --> 12
CAST({'1.5'::varchar} AS int)            --> error
CAST({'abc'::varchar} AS int)            --> error
TRY_CAST({'abc'::varchar} AS int)        --> NULL
CAST({'12.345'::varchar} AS decimal(10,2))  --> 12.35
{'12.5'::varchar}::float                 --> 12.5
{12}::varchar                            --> '12'
{1.50}::varchar                          --> '1.50'
{TRUE}::int                              --> 1
{1}::boolean                             --> TRUE
{'yes'::varchar}::boolean                --> TRUE
{TRUE}::varchar                          --> error  -- differs: returns 'true'; Redshift has no such cast
{'abcdef'::varchar}::varchar(3)          --> 'abc'
NVL({NULL::int}, {0})                    --> 0
NVL2({NULL::int}, {1}, {2})              --> 2
COALESCE({NULL::int}, {0})               --> 0
NULLIF({1}, {1})                         --> NULL
DECODE({2}, 1, 'a', 2, 'b', 'c')         --> 'b'
DECODE({NULL::int}, NULL, 'n', 'c')      --> 'n'
GREATEST({1}, {NULL::int}, {3})          --> 3
LEAST({1}, {NULL::int}, {3})             --> 1
CASE WHEN {NULL::boolean} THEN 1 ELSE 2 END  --> 2
{NULL::boolean} IS NOT TRUE              --> TRUE
{NULL::int} = {1}                        --> NULL
{3} IN (1, 2, 3)                         --> TRUE
{3} NOT IN (1, 2, NULL)                  --> NULL
POWER({2}, {10})                         --> 1024
SQRT({9})                                --> 3
CBRT({27})                               --> 3
LOG({1000})                              --> 3
LN({1})                                  --> 0
EXP({0})                                 --> 1
SIGN({-5})                               --> -1
ABS({-5})                                --> 5
DEXP({0})                                --> 1
DLOG10({1000})                           --> 3
{5} & {3}                                --> 1
{5} | {3}                                --> 7
{5} # {3}                                --> 6  -- rejected: #
{1} << {3}                               --> 8
TO_NUMBER({'1,234.5'::varchar}, '9,999.9')  --> 1234.5
JSON_EXTRACT_PATH_TEXT({'{"a": {"b": "x"}}'::varchar}, 'a', 'b')   --> 'x'
JSON_EXTRACT_PATH_TEXT({'{"a": 1.5}'::varchar}, 'a')               --> '1.5'
JSON_EXTRACT_PATH_TEXT({'{"a": {"b": 1}}'::varchar}, 'a')          --> '{"b":1}'
JSON_EXTRACT_PATH_TEXT({'{"a": 1}'::varchar}, 'z')                 --> NULL
JSON_EXTRACT_PATH_TEXT({'bad'::varchar}, 'a', TRUE)                --> NULL
JSON_EXTRACT_ARRAY_ELEMENT_TEXT({'["x", "y"]'::varchar}, 1)        --> 'y'
JSON_ARRAY_LENGTH({'[1, 2, 3]'::varchar})                          --> 3
IS_VALID_JSON({'{"a": 1}'::varchar})                               --> TRUE
IS_VALID_JSON({'{bad'::varchar})                                   --> FALSE
IS_VALID_JSON_ARRAY({'[1]'::varchar})                              --> TRUE
JSON_PARSE({'{"a": {"b": "x"}}'::varchar}).a.b::varchar            --> 'x'
JSON_SERIALIZE(JSON_PARSE({'{"a": 1}'::varchar}))                  --> '{"a":1}'
CAN_JSON_PARSE({'{bad'::varchar})                                  --> FALSE
JSON_PARSE({'[10, 20]'::varchar})[1]::int                          --> 20
GET_ARRAY_LENGTH(JSON_PARSE({'[1, 2, 3]'::varchar}))               --> 3
ARRAY({1}, {2})                                                    --> [1, 2]
ARRAY_CONCAT(ARRAY({1}), ARRAY({2}))                               --> [1, 2]
ARRAY_FLATTEN(ARRAY(ARRAY({1}), ARRAY({2})))                       --> [1, 2]
SUBARRAY(ARRAY({1}, {2}, {3}), 1, 2)                               --> [2, 3]
