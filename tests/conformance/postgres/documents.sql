{'{"a": {"b": "x"}}'::jsonb} -> 'a' ->> 'b'                   --> 'x'
{'{"a": 1.5}'::jsonb} ->> 'a'                                 --> '1.5'
{'{"a": true}'::jsonb} ->> 'a'                                --> 'true'
{'{"a": null}'::jsonb} ->> 'a'                                --> NULL
{'{"a": {"b": 1}}'::jsonb} ->> 'a'                            --> '{"b": 1}'  -- differs: a document as text has no spaces
{'{"a": {"b": 1}}'::json} -> 'a'                              --> {"b": 1}
{'[10, 20]'::jsonb} -> 1                                      --> JSON 20
{'["x", "y"]'::jsonb} ->> -1                                  --> 'y'
{'{"a": {"b": ["x", "y"]}}'::jsonb} #>> '{a,b,1}'             --> 'y'
{'{"a": {"b": ["x", "y"]}}'::jsonb} #> '{a,b}'                --> ["x", "y"]
{'{"a.b": "x"}'::jsonb} ->> 'a.b'                             --> 'x'
({'{"a": "12"}'::jsonb} ->> 'a')::int + 1                     --> 13
{'{"a": 1}'::jsonb} ? 'a'                                     --> TRUE
{'{"a": 1}'::jsonb} ?| ARRAY['b', 'a']                        --> TRUE
{'{"a": 1, "b": 2}'::jsonb} @> '{"a": 1}'                     --> TRUE
{'{"a": 1, "b": 2}'::jsonb} - 'a'                             --> {"b": 2}
{'{"a": 1}'::jsonb} || '{"b": 2}'::jsonb                      --> {"a": 1, "b": 2}
JSONB_ARRAY_LENGTH({'[1, 2, 3]'::jsonb})                      --> 3
JSONB_TYPEOF({'{"a": 1}'::jsonb} -> 'a')                      --> 'number'
JSONB_TYPEOF({'{"a": 1}'::jsonb})                             --> 'object'
JSONB_EXTRACT_PATH_TEXT({'{"a": {"b": "x"}}'::jsonb}, 'a', 'b')  --> 'x'
JSON_EXTRACT_PATH_TEXT({'{"a": {"b": "x"}}'::json}, 'a', 'b')  --> 'x'
JSONB_BUILD_OBJECT('a', {1}, 'b', {'x'::text})                --> {"a": 1, "b": "x"}
JSONB_BUILD_ARRAY({1}, {'x'::text})                           --> [1, "x"]
TO_JSONB({'a"b'::text})                                       --> JSON "a\"b"
TO_JSONB({1})                                                 --> JSON 1
JSONB_STRIP_NULLS({'{"a": null, "b": 1}'::jsonb})             --> {"b": 1}
JSONB_SET({'{"a": 1}'::jsonb}, '{a}', '2')                    --> {"a": 2}
JSONB_PATH_QUERY_FIRST({'{"a": [1, 2]}'::jsonb}, '$.a[1]')    --> JSON 2
{'{"a": 1}'::jsonb} = '{"a":1}'::jsonb                        --> TRUE
ARRAY[{1}, {2}, {3}]                                          --> [1, 2, 3]
(ARRAY[{10}, {20}, {30}])[1]                                  --> 10
(ARRAY[{10}, {20}, {30}])[0]                                  --> NULL
(ARRAY[{10}, {20}, {30}])[9]                                  --> NULL
(ARRAY[{10}, {20}, {30}])[2:3]                                --> [20, 30]
ARRAY_LENGTH(ARRAY[{1}, {2}], 1)                              --> 2
CARDINALITY(ARRAY[{1}, {2}])                                  --> 2
ARRAY_APPEND(ARRAY[{1}], {2})                                 --> [1, 2]
ARRAY_PREPEND({0}, ARRAY[{1}])                                --> [0, 1]
ARRAY_CAT(ARRAY[{1}], ARRAY[{2}])                             --> [1, 2]
ARRAY[{1}] || ARRAY[{2}]                                      --> [1, 2]
ARRAY[{1}] || {2}                                             --> [1, 2]
ARRAY_POSITION(ARRAY[{'a'::text}, {'b'::text}], 'b')          --> 2
ARRAY_POSITION(ARRAY[{'a'::text}, {'b'::text}], 'z')          --> NULL
ARRAY_REMOVE(ARRAY[{1}, {2}, {1}], 1)                         --> [2]
ARRAY_REPLACE(ARRAY[{1}, {2}, {1}], 1, 9)                     --> [9, 2, 9]
ARRAY_TO_STRING(ARRAY[{'a'::text}, NULL, {'c'::text}], ',')   --> 'a,c'
ARRAY_TO_STRING(ARRAY[{'a'::text}, NULL, {'c'::text}], ',', '-')  --> 'a,-,c'
ARRAY[{1}, {2}] @> ARRAY[1]                                   --> TRUE
ARRAY[{1}, {2}] <@ ARRAY[1, 2, 3]                             --> TRUE
ARRAY[{1}, {2}] && ARRAY[2, 3]                                --> TRUE
ARRAY[{1}, {2}] = ARRAY[1, 2]                                 --> TRUE
ARRAY_UPPER(ARRAY[{1}, {2}], 1)                               --> 2
ARRAY(SELECT x FROM UNNEST(ARRAY[{3}, {1}, {2}]) AS x ORDER BY x)  --> [1, 2, 3]
{'{"a": 1, "b": [1, 2]}'::jsonb} = '{"b":[1,2],"a":1}'::jsonb        --> TRUE
{'{"a": 1}'::jsonb} = '{"a":1.0}'::jsonb                             --> TRUE
{'{"a": 1}'::jsonb} <> '{"a": "1"}'::jsonb                           --> TRUE
{'{"a": 1, "b": [1, 2]}'::jsonb} = '{"b":[1,2],"a":1}'               --> TRUE
'{"b":[1,2],"a":1}' <> {'{"a": 1, "b": [1, 2]}'::jsonb}              --> FALSE
{'{"a": 1e2}'::jsonb} = '{"a": 100}'::jsonb                          --> TRUE
{'1.0E0'::jsonb} = '1'::jsonb                                        --> TRUE
{'null'::jsonb} = 'null'::jsonb                                      --> TRUE
{'{"a": "1.0"}'::jsonb} = '{"a": "1"}'::jsonb                        --> FALSE
{'12345678901234567890'::jsonb} = '12345678901234567891'::jsonb      --> FALSE
{'{"a": 1}'::jsonb} = {NULL::jsonb}                                  --> NULL
{'{"a": 1}'::jsonb} IS NOT DISTINCT FROM '{"a":1.0}'::jsonb          --> TRUE
{'{"a": 1}'::jsonb} IN ('{"b":1}', '{"a":1.0}')                      --> TRUE
{'{"a": 1}'::jsonb} NOT IN ('{"b":1}', '{"a":1.0}')                  --> FALSE
ARRAY['x', NULL] || ARRAY['b']                                        --> ["x", null, "b"]
ARRAY['a'] || 'b'                                                    --> error
ARRAY['a'] || {'b'::text}                                            --> ["a", "b"]
ARRAY[{1}] || NULL                                                   --> [1]
ARRAY[{1}] || NULL::int[]                                            --> [1]
NULL::int[] || NULL::int[]                                           --> NULL
{1} || ARRAY[{2}]                                                    --> [1, 2]
