[{10}, {20}, {30}][OFFSET(0)]                                 --> 10
[{10}, {20}, {30}][ORDINAL(1)]                                --> 10
[{10}, {20}, {30}][SAFE_OFFSET(9)]                            --> NULL
[{10}, {20}, {30}][OFFSET(9)]                                 --> error
[{10}, {20}, {30}][SAFE_ORDINAL(3)]                           --> 30
[{10}, {20}, {30}][1]                                         --> 20
ARRAY_LENGTH([{1}, {2}])                                      --> 2
ARRAY_TO_STRING([{'a'}, NULL, {'c'}], ',')                    --> 'a,c'
ARRAY_TO_STRING([{'a'}, NULL, {'c'}], ',', '-')               --> 'a,-,c'
ARRAY_CONCAT([{1}], [{2}, 3])                                 --> [1, 2, 3]
ARRAY_REVERSE([{1}, {2}, {3}])                                --> [3, 2, 1]
{2} IN UNNEST([1, 2, 3])                                      --> TRUE
GENERATE_ARRAY({1}, {10}, 3)                                  --> [1, 4, 7, 10]
GENERATE_ARRAY({5}, {1}, -2)                                  --> [5, 3, 1]
GENERATE_ARRAY({1}, {3})                                      --> [1, 2, 3]
ARRAY(SELECT x * 2 FROM UNNEST([{3}, {1}, {2}]) AS x ORDER BY x)  --> [2, 4, 6]
0 + (SELECT MAX(x) FROM UNNEST([{3}, {1}, {2}]) AS x)         --> 3
'' || (SELECT STRING_AGG(x, '/' ORDER BY o DESC) FROM UNNEST([{'a'}, {'b'}]) AS x WITH OFFSET AS o)  --> 'b/a'
EXISTS(SELECT 1 FROM UNNEST([{3}, {1}]) AS x WHERE x > 2)     --> TRUE
STRUCT({1} AS a, {'x'} AS b).b                                --> 'x'
STRUCT({1} AS a, {'x'} AS b)                                  --> {"a": 1, "b": "x"}
ARRAY_FIRST([{3}, {1}])                                       --> 3
ARRAY_LAST([{3}, {1}])                                        --> 1
ARRAY_SLICE([{1}, {2}, {3}, {4}], 1, 2)                       --> [2, 3]
ARRAY_INCLUDES([{1}, {2}], 2)                                 --> TRUE
JSON_VALUE({'{"a": {"b": "x"}}'}, '$.a.b')                    --> 'x'
JSON_VALUE({'{"a": 1.5}'}, '$.a')                             --> '1.5'
JSON_VALUE({'{"a": true}'}, '$.a')                            --> 'true'
JSON_VALUE({'{"a": null}'}, '$.a')                            --> NULL
JSON_VALUE({'{"a": {"b": 1}}'}, '$.a')                        --> NULL
JSON_VALUE({'{"a.b": 1}'}, '$."a.b"')                         --> '1'
JSON_VALUE({'["x", "y"]'}, '$[1]')                            --> 'y'
JSON_VALUE({'not json'}, '$.a')                               --> NULL
JSON_EXTRACT_SCALAR({'{"a": "x"}'}, '$.a')                    --> 'x'
JSON_EXTRACT_SCALAR({'{"a b": "x"}'}, "$['a b']")             --> 'x'
JSON_EXTRACT({'{"a": "x"}'}, '$.a')                           --> '"x"'
JSON_EXTRACT({'{"a": {"b": 1}}'}, '$.a')                      --> '{"b":1}'
JSON_QUERY({'{"a": [1, 2]}'}, '$.a')                          --> '[1,2]'
JSON_VALUE_ARRAY({'{"a": ["x", 2]}'}, '$.a')                  --> ["x", "2"]
JSON_EXTRACT_STRING_ARRAY({'["x", "y"]'})                     --> ["x", "y"]
JSON_QUERY_ARRAY({'{"a": [{"b": 1}, 2]}'}, '$.a')             --> ["{\"b\":1}", "2"]
ARRAY_LENGTH(JSON_EXTRACT_ARRAY({'[1, 2, 3]'}, '$'))          --> 3
PARSE_JSON({'{"a": {"b": "x"}}'}).a.b                         --> JSON "x"
STRING(PARSE_JSON({'{"a": "x"}'}).a)                          --> 'x'
INT64(PARSE_JSON({'{"a": 5}'}).a)                             --> 5
LAX_INT64(PARSE_JSON({'{"a": "5"}'}).a)                       --> 5
BOOL(PARSE_JSON({'{"a": true}'}).a)                           --> TRUE
FLOAT64(PARSE_JSON({'{"a": 1.5}'}).a)                         --> 1.5
JSON_VALUE(PARSE_JSON({'{"a": [5]}'}), '$.a[0]')              --> '5'
PARSE_JSON({'{"a": [5, 6]}'}).a[1]                            --> JSON 6
JSON_TYPE(PARSE_JSON({'{"a": 5}'}))                           --> 'object'
TO_JSON_STRING(STRUCT({1} AS a, {'x'} AS b))                  --> '{"a":1,"b":"x"}'
TO_JSON_STRING([{1}, {2}])                                    --> '[1,2]'
TO_JSON_STRING({'a"b'})                                       --> '"a\\"b"'
JSON_OBJECT('a', {1})                                         --> {"a":1}
JSON_ARRAY({1}, {'x'})                                        --> [1,"x"]
SAFE.PARSE_JSON({'{bad'})                                     --> NULL
CAST(JSON_VALUE({'{"n": "12"}'}, '$.n') AS INT64) + 1         --> 13
