-- Functions of arrays.
CREATE TABLE rows_of AS SELECT * FROM (VALUES (1, 'a', [1, 1, 2]), (1, 'b', [1, 2, 3]), (2, NULL, NULL)) v(g, s, l);

ARRAY_CONSTRUCT({'a'}, {'b'})::string                                        --> '["a","b"]'
ARRAY_CONSTRUCT({1}, {'a'}, {TRUE})::string                                  --> '[1,"a",true]'
ARRAY_CONSTRUCT()::string                                                    --> '[]'
ARRAY_CONSTRUCT({1}, NULL, {3})                                              --> [1, null, 3]
ARRAY_CONSTRUCT({1}, NULL, {3})::string                                      --> '[1,undefined,3]'  -- differs: NULL in an array is printed as null
[{1}, {2}]::string                                                           --> '[1,2]'
ARRAY_CONSTRUCT_COMPACT({NULL::int}, {1}, {NULL::int}, {2})                  --> [1, 2]
ARRAY_CONSTRUCT_COMPACT(NULL, {'hello'}, {4})                                --> ["hello", 4]
ARRAY_SIZE(ARRAY_CONSTRUCT({1}, {2}, {3}))                                   --> 3
ARRAY_SIZE(PARSE_JSON({'[1, 2]'}))                                           --> 2
ARRAY_SIZE(PARSE_JSON({'{"a": [1, 2]}'}):a)                                  --> 2
ARRAY_SIZE(PARSE_JSON({'{"a": 1}'}))                                         --> NULL
ARRAY_SIZE(PARSE_JSON({'{"a": 1}'}):b)                                       --> NULL
ARRAY_SIZE(SPLIT({'a,b,c'}, ','))                                            --> 3
ARRAY_APPEND(ARRAY_CONSTRUCT({1}, {2}, {3}), 'HELLO')                        --> [1, 2, 3, "HELLO"]
ARRAY_APPEND(ARRAY_CONSTRUCT({1}, {2}), {3})                                 --> [1, 2, 3]
ARRAY_APPEND(PARSE_JSON({'["a"]'}), {'b'})                                   --> ["a", "b"]
ARRAY_PREPEND(ARRAY_CONSTRUCT({0}, {1}), 'hello')                            --> ["hello", 0, 1]
ARRAY_CAT(ARRAY_CONSTRUCT({1}, {2}), ARRAY_CONSTRUCT({3}))                   --> [1, 2, 3]
ARRAY_CAT(ARRAY_CONSTRUCT({1}), ARRAY_CONSTRUCT({'a'}))                      --> [1, "a"]
ARRAY_CAT(PARSE_JSON({'["a"]'}), PARSE_JSON({'["b"]'}))                      --> ["a", "b"]
ARRAY_CAT(ARRAY_CONSTRUCT({1}), NULL)                                        --> NULL
ARRAY_COMPACT(ARRAY_CONSTRUCT({1}, NULL, {2}))                               --> [1, 2]
ARRAY_CONTAINS({'hello'}::variant, ARRAY_CONSTRUCT({'hello'}, {'hi'}))       --> TRUE
ARRAY_CONTAINS({'hey'}::variant, ARRAY_CONSTRUCT({'hello'}, {'hi'}))         --> FALSE
ARRAY_CONTAINS({'b'}::variant, PARSE_JSON({'["a", "b"]'}))                   --> TRUE
ARRAY_CONTAINS({1}::variant, PARSE_JSON({'["1"]'}))                          --> FALSE
ARRAY_CONTAINS({1}::variant, PARSE_JSON({'[1, 2]'}))                         --> TRUE
ARRAY_CONTAINS({'b'}::variant, SPLIT({'a,b'}, ','))                          --> TRUE
ARRAY_CONTAINS(PARSE_JSON({'{"a": "x"}'}):a, ARRAY_CONSTRUCT({'x'}))         --> TRUE
ARRAY_CONTAINS({'x'}::variant, NULL)                                         --> NULL
ARRAY_DISTINCT(ARRAY_CONSTRUCT({'A'}, {'A'}, {'B'}, NULL, NULL))             --> ["A", "B", null]
ARRAY_DISTINCT(PARSE_JSON({'[1, 1, 2]'}))                                    --> [1, 2]
ARRAY_DISTINCT(NULL)                                                         --> NULL
ARRAY_EXCEPT(ARRAY_CONSTRUCT({'A'}, {'B'}), ARRAY_CONSTRUCT({'B'}, {'C'}))   --> ["A"]
ARRAY_EXCEPT(ARRAY_CONSTRUCT({'A'}, {'B'}, {'B'}, {'B'}), ARRAY_CONSTRUCT({'B'})) --> ["A", "B", "B"]
ARRAY_FLATTEN(ARRAY_CONSTRUCT(ARRAY_CONSTRUCT(1, 2, 3), ARRAY_CONSTRUCT(4), ARRAY_CONSTRUCT(5, 6))) --> [1, 2, 3, 4, 5, 6]
ARRAY_FLATTEN(PARSE_JSON({'[[[1, 2], [3]], [[4], [5]]]'}))                   --> [[1, 2], [3], [4], [5]]
ARRAY_INSERT(ARRAY_CONSTRUCT({0}, {1}, {2}, {3}), 2, 'hello')                --> [0, 1, "hello", 2, 3]
ARRAY_INSERT(ARRAY_CONSTRUCT({0}, {1}, {2}, {3}), -1, {9})                   --> [0, 1, 2, 9, 3]
ARRAY_INTERSECTION(ARRAY_CONSTRUCT({'A'}, {'B'}), ARRAY_CONSTRUCT({'B'}, {'C'})) --> ["B"]
ARRAY_INTERSECTION(ARRAY_CONSTRUCT({'A'}, {'B'}, {'B'}), ARRAY_CONSTRUCT({'B'}, {'B'})) --> ["B", "B"]
ARRAY_INTERSECTION(ARRAY_CONSTRUCT({'A'}), ARRAY_CONSTRUCT({'C'}))           --> []
ARRAY_MAX(ARRAY_CONSTRUCT({20}, {0}, NULL, {10}))                            --> 20
ARRAY_MIN(ARRAY_CONSTRUCT({20}, {0}, NULL, {10}))                            --> 0
ARRAY_MAX(PARSE_JSON({'[9, 10]'}))::int                                      --> 10
ARRAY_MIN(PARSE_JSON({'[9, 10]'}))::int                                      --> 9
ARRAY_MAX(ARRAY_CONSTRUCT())                                                 --> NULL
TRANSFORM(PARSE_JSON({'["a", "b"]'}), x -> UPPER(x))                         --> ["A", "B"]
FILTER(PARSE_JSON({'[{"p": 1}, {"p": 5}]'}), x -> x:p > 3)                   --> [{"p": 5}]
REDUCE(PARSE_JSON({'[1, 2, 10]'}), 0, (a, x) -> a + x)                       --> 13
ARRAY_POSITION({'hi'}::variant, ARRAY_CONSTRUCT({'hello'}, {'hi'}))          --> 1
ARRAY_POSITION({'hello'}::variant, ARRAY_CONSTRUCT({'hello'}, {'hi'}))       --> 0
ARRAY_POSITION({'x'}::variant, ARRAY_CONSTRUCT({'hello'}, {'hi'}))           --> NULL
ARRAY_POSITION({'b'}::variant, PARSE_JSON({'["a", "b"]'}))                   --> 1
ARRAY_REMOVE(ARRAY_CONSTRUCT({1}, {5}, {5}), 5)                              --> [1]
ARRAY_REMOVE(PARSE_JSON({'["a", "b"]'}), 'a')                                --> ["b"]
ARRAY_REMOVE(ARRAY_CONSTRUCT({1}, {5}), {NULL::int})                         --> NULL
ARRAY_REMOVE_AT(ARRAY_CONSTRUCT({2}, {5}, {7}), 0)                           --> [5, 7]
ARRAY_REMOVE_AT(ARRAY_CONSTRUCT({2}, {5}, {7}), -1)                          --> [2, 5]
ARRAY_REMOVE_AT(ARRAY_CONSTRUCT({2}, {5}, {7}), 10)                          --> [2, 5, 7]
ARRAY_SLICE(ARRAY_CONSTRUCT({0}, {1}, {2}, {3}), 0, 2)                       --> [0, 1]
ARRAY_SLICE(ARRAY_CONSTRUCT({0}, {1}, {2}, {3}), 0, -2)                      --> [0, 1]
ARRAY_SLICE(ARRAY_CONSTRUCT({0}, {1}, {2}, {3}), -3, -1)                     --> [1, 2]
ARRAY_SLICE(ARRAY_CONSTRUCT({'foo'}, {'bar'}), 10, 12)                       --> []
ARRAY_SLICE(PARSE_JSON({'["a", "b", "c"]'}), 1, 3)                           --> ["b", "c"]
ARRAY_SORT(ARRAY_CONSTRUCT({20}, {0}, NULL, {10}))                           --> [0, 10, 20, null]
ARRAY_SORT(ARRAY_CONSTRUCT({20}, {0}, NULL, {10}), FALSE)                    --> [null, 20, 10, 0]
ARRAY_SORT(ARRAY_CONSTRUCT({20}, {0}, NULL, {10}), FALSE, FALSE)             --> [20, 10, 0, null]
ARRAY_SORT(PARSE_JSON({'[9, 10, 1]'}))                                       --> [1, 9, 10]
ARRAY_TO_STRING(PARSE_JSON({'[1, "a", true]'}), '-')                         --> '1-a-true'
ARRAY_TO_STRING(ARRAY_CONSTRUCT({'a'}, {'b'}), ', ')                         --> 'a, b'
ARRAY_TO_STRING(ARRAY_CONSTRUCT({'a'}, NULL, {'b'}), ',')                    --> 'a,,b'
ARRAY_TO_STRING(ARRAY_CONSTRUCT({1}, {2.5}), ',')                            --> '1,2.5'
ARRAY_TO_STRING(ARRAY_CONSTRUCT({'a'}), NULL)                                --> NULL
ARRAYS_OVERLAP(ARRAY_CONSTRUCT({'hello'}, {'aloha'}), ARRAY_CONSTRUCT({'hello'}, {'hi'})) --> TRUE
ARRAYS_OVERLAP(ARRAY_CONSTRUCT({'hello'}, {'aloha'}), ARRAY_CONSTRUCT({'hola'}, {'hi'})) --> FALSE
ARRAYS_OVERLAP(ARRAY_CONSTRUCT({1}, NULL), ARRAY_CONSTRUCT({2}, NULL))       --> TRUE
ARRAYS_OVERLAP(PARSE_JSON({'[1, 2]'}), PARSE_JSON({'[2, 3]'}))               --> TRUE
ARRAYS_ZIP(ARRAY_CONSTRUCT({1}, {2}), ARRAY_CONSTRUCT({3}, {4}))             --> [{"$1": 1, "$2": 3}, {"$1": 2, "$2": 4}]
ARRAYS_TO_OBJECT(ARRAY_CONSTRUCT({'k1'}, {'k2'}), ARRAY_CONSTRUCT({1}, {2})) --> {"k1": 1, "k2": 2}
ARRAY_GENERATE_RANGE({2}, {5})                                               --> [2, 3, 4]
ARRAY_GENERATE_RANGE({5}, {25}, {10})                                        --> [5, 15]
ARRAY_GENERATE_RANGE({5}, {2})                                               --> []
ARRAY_REVERSE(ARRAY_CONSTRUCT({1}, {2}, {3}))                                --> [3, 2, 1]
SPLIT({'127.0.0.1'}, '.')                                                    --> ["127", "0", "0", "1"]
SPLIT({'|a||'}, '|')                                                         --> ["", "a", "", ""]
SPLIT({'127.0.0.1'}, '.')::string                                            --> '["127","0","0","1"]'
SPLIT({'127.0.0.1'}, '.')[0]::string                                         --> '127'
SPLIT({'127.0.0.1'}, '.')[3]::int                                            --> 1
SPLIT({'127.0.0.1'}, '.')[-1]                                                --> NULL
SPLIT({'127.0.0.1'}, '.')[9]                                                 --> NULL
GET(SPLIT({'a b'}, ' '), 1)::string                                          --> 'b'
SPLIT({NULL::string}, ',')                                                   --> NULL
STRTOK_TO_ARRAY({'a.b.c'}, '.')                                              --> ["a", "b", "c"]
STRTOK_TO_ARRAY({'user@snowflake.com'}, '.@')                                --> ["user", "snowflake", "com"]
STRTOK_TO_ARRAY({'a b'})                                                     --> ["a", "b"]
TO_ARRAY({1})                                                                --> [1]
TO_ARRAY(PARSE_JSON({'[1, 2]'}))                                             --> [1, 2]
TO_ARRAY({NULL::int})                                                        --> NULL
PARSE_JSON({'"x"'})::array                                                   --> ["x"]
FILTER(ARRAY_CONSTRUCT({1}, {2}, {3}), x -> x > 1)                           --> [2, 3]
TRANSFORM(ARRAY_CONSTRUCT({1}, {2}), x -> x * 2)                             --> [2, 4]
REDUCE(ARRAY_CONSTRUCT({1}, {2}, {3}), 0, (acc, x) -> acc + x)               --> 6
APPROX_TOP_K({1}, 2)                                                         --> [[1, 1]]

SELECT g, ARRAY_AGG(s) FROM rows_of GROUP BY g ORDER BY g                    --> (1, ["a", "b"]), (2, [])
SELECT ARRAY_AGG(s)::string FROM rows_of                                     --> '["a","b"]'
SELECT ARRAY_AGG(s) WITHIN GROUP (ORDER BY s DESC) FROM rows_of              --> ["b", "a"]
SELECT ARRAY_AGG(DISTINCT g) WITHIN GROUP (ORDER BY g DESC) FROM rows_of     --> [2, 1]
SELECT ARRAY_SIZE(ARRAY_AGG(s)) FROM rows_of                                 --> 2
SELECT ARRAY_SIZE(ARRAY_AGG(s)) FROM rows_of WHERE FALSE                     --> 0
SELECT ARRAY_TO_STRING(ARRAY_AGG(DISTINCT s), '|') FROM rows_of              --> 'a|b'
SELECT ARRAY_CONTAINS('a'::variant, ARRAY_AGG(s)) FROM rows_of               --> TRUE
SELECT ARRAY_AGG(s)[0]::string FROM rows_of                                  --> 'a'
SELECT ARRAY_FLATTEN(ARRAY_AGG(l)) FROM rows_of                              --> [1, 1, 2, 1, 2, 3]
SELECT ARRAY_DISTINCT(ARRAY_FLATTEN(ARRAY_AGG(l))) FROM rows_of              --> [1, 2, 3]
SELECT ARRAY_SORT(ARRAY_DISTINCT(ARRAY_FLATTEN(ARRAY_AGG(l))))::string FROM rows_of --> '[1,2,3]'
SELECT ARRAY_UNION_AGG(l) FROM rows_of                                       --> [1, 1, 2, 3]
SELECT ARRAY_UNIQUE_AGG(s) FROM rows_of                                      --> ["a", "b"]
SELECT ARRAY_SIZE(ARRAY_UNION_AGG(l)) FROM rows_of                           --> 4
SELECT s, ARRAY_AGG(s) OVER (PARTITION BY g) FROM rows_of WHERE g = 1 ORDER BY s --> ('a', ["a", "b"]), ('b', ["a", "b"])
SELECT ARRAY_SIZE(l), l[0]::int FROM rows_of WHERE s = 'b'                   --> (3, 1)
SELECT ARRAY_CONTAINS(3::variant, l) FROM rows_of WHERE g = 1 ORDER BY s     --> (FALSE), (TRUE)
SELECT ARRAY_TO_STRING(l, '-') FROM rows_of WHERE s = 'a'                    --> '1-1-2'
SELECT ARRAY_DISTINCT(l) FROM rows_of WHERE s = 'a'                          --> [1, 2]
SELECT l::string FROM rows_of WHERE s = 'a'                                  --> '[1,1,2]'
ARRAY_SIZE({'[1]'})                                --> error
ARRAY_CONSTRUCT({'2026-01-31 10:00:00'::timestamp})::string --> '["2026-01-31 10:00:00.000"]'
ARRAY_CONSTRUCT('a', {'2026-01-31 10:00:00'::timestamp})::string --> '["a","2026-01-31 10:00:00.000"]'
