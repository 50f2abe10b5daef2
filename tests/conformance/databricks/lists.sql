ARRAY({10}, {20}, {30})[0]                                    --> 10
ARRAY({10}, {20}, {30})[9]                                    --> error
TRY_ELEMENT_AT(ARRAY({10}, {20}), 9)                          --> NULL
ELEMENT_AT(ARRAY({10}, {20}, {30}), 1)                        --> 10
ELEMENT_AT(ARRAY({10}, {20}, {30}), -1)                       --> 30
GET(ARRAY({10}, {20}), 1)                                     --> 20
SIZE(ARRAY({1}, {2}))                                         --> 2
SIZE({CAST(NULL AS ARRAY<INT>)})                              --> NULL
CARDINALITY(ARRAY({1}, {2}))                                  --> 2
ARRAY_SIZE(ARRAY({1}, {2}))                                   --> 2
ARRAY_CONTAINS(ARRAY({1}, {2}), 2)                            --> TRUE
ARRAY_CONTAINS(ARRAY({1}, NULL), 2)                           --> NULL
ARRAY_JOIN(ARRAY({'a'}, NULL, {'c'}), ',')                    --> 'a,c'
ARRAY_JOIN(ARRAY({'a'}, NULL, {'c'}), ',', '-')               --> 'a,-,c'
ARRAY_SORT(ARRAY({3}, {1}, NULL, {2}))                        --> [1, 2, 3, null]
SORT_ARRAY(ARRAY({3}, {1}, NULL, {2}))                        --> [null, 1, 2, 3]
SORT_ARRAY(ARRAY({3}, {1}, NULL, {2}), FALSE)                 --> [3, 2, 1, null]
ARRAY_DISTINCT(ARRAY({1}, {2}, {1}))                          --> [1, 2]
ARRAY_UNION(ARRAY({1}, {2}), ARRAY({2}, {3}))                 --> [1, 2, 3]
ARRAY_INTERSECT(ARRAY({1}, {2}), ARRAY({2}, {3}))             --> [2]
ARRAY_EXCEPT(ARRAY({1}, {2}), ARRAY({2}, {3}))                --> [1]
ARRAYS_OVERLAP(ARRAY({1}, {2}), ARRAY({2}, {3}))              --> TRUE
ARRAY_POSITION(ARRAY({'a'}, {'b'}), 'b')                      --> 2
ARRAY_POSITION(ARRAY({'a'}, {'b'}), 'z')                      --> 0
ARRAY_REMOVE(ARRAY({1}, {2}, {1}), 1)                         --> [2]
ARRAY_MIN(ARRAY({3}, {1}, NULL))                              --> 1
ARRAY_MAX(ARRAY({3}, {1}, NULL))                              --> 3
ARRAY_APPEND(ARRAY({1}), {2})                                 --> [1, 2]
ARRAY_COMPACT(ARRAY({1}, NULL, {2}))                          --> [1, 2]
SLICE(ARRAY({1}, {2}, {3}), 2, 2)                             --> [2, 3]
SLICE(ARRAY({1}, {2}, {3}), -2, 2)                            --> [2, 3]
REVERSE(ARRAY({1}, {2}))                                      --> [2, 1]
FLATTEN(ARRAY(ARRAY({1}), ARRAY({2})))                        --> [1, 2]
CONCAT(ARRAY({1}), ARRAY({2}))                                --> [1, 2]
ARRAY_REPEAT({'a'}, 2)                                        --> ["a", "a"]
SEQUENCE({1}, {5}, 2)                                         --> [1, 3, 5]
SEQUENCE({3}, {1})                                            --> [3, 2, 1]
TRANSFORM(ARRAY({1}, {2}), x -> x * 2)                        --> [2, 4]
FILTER(ARRAY({1}, {2}, {3}), x -> x > 1)                      --> [2, 3]
EXISTS(ARRAY({1}, {2}), x -> x = 2)                           --> TRUE
FORALL(ARRAY({1}, {2}), x -> x > 1)                           --> FALSE
AGGREGATE(ARRAY({1}, {2}, {3}), 0, (acc, x) -> acc + x)       --> 6
NAMED_STRUCT('a', {1}, 'b', {'x'}).b                          --> 'x'
STRUCT({1} AS a, {'x'} AS b).a                                --> 1
MAP('a', {1}, 'b', {2})['b']                                  --> 2
MAP_KEYS(MAP('a', {1}))                                       --> ["a"]
MAP_VALUES(MAP('a', {1}))                                     --> [1]
GET_JSON_OBJECT({'{"a": {"b": "x"}}'}, '$.a.b')               --> 'x'
GET_JSON_OBJECT({'{"a": 1.5}'}, '$.a')                        --> '1.5'
GET_JSON_OBJECT({'{"a": {"b": 1}}'}, '$.a')                   --> '{"b":1}'
GET_JSON_OBJECT({'{"a": null}'}, '$.a')                       --> NULL
GET_JSON_OBJECT({'["x", "y"]'}, '$[1]')                       --> 'y'
GET_JSON_OBJECT({'not json'}, '$.a')                          --> NULL
FROM_JSON({'{"a": 1, "b": "x"}'}, 'a INT, b STRING').b        --> 'x'
FROM_JSON({'{"a": 1}'}, 'a INT').a + 1                        --> 2
TO_JSON(STRUCT({1} AS a, {'x'} AS b))                         --> '{"a":1,"b":"x"}'
TO_JSON(NAMED_STRUCT('a', {1}))                               --> '{"a":1}'
JSON_ARRAY_LENGTH({'[1, 2, 3]'})                              --> 3
JSON_OBJECT_KEYS({'{"a": 1, "b": 2}'})                        --> ["a", "b"]
{'{"a": {"b": "x"}}'}:a.b                                     --> 'x'
{'{"a": [1, 2]}'}:a[1]                                        --> '2'
{'{"a": "12"}'}:a::int + 1                                    --> 13
PARSE_JSON({'{"a": "x"}'}):a::string                          --> 'x'
STR_TO_MAP({'a:1,b:2'}, ',', ':')['b']                        --> '2'
