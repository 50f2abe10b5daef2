-- Functions of objects. OBJECT_CONSTRUCT leaves NULLs out; keys are kept in order.
CREATE TABLE demo AS SELECT * FROM (VALUES (1, 'Ann', 30, NULL), (2, 'Bo', NULL, 'x')) v(id, name, age, note);
CREATE TABLE pairs AS SELECT * FROM (VALUES ('b', 2), ('a', 1), ('c', NULL), (NULL, 4)) v(k, n);

OBJECT_CONSTRUCT('a', {1}, 'b', {'x'})                                --> {"a": 1, "b": "x"}
OBJECT_CONSTRUCT('b', {1}, 'a', {'x'})::string                        --> '{"a":"x","b":1}'
OBJECT_CONSTRUCT('a', {1}, 'b', {NULL::int})                          --> {"a": 1}
OBJECT_CONSTRUCT('a', {1}, 'b', NULL)::string                         --> '{"a":1}'
OBJECT_CONSTRUCT({'k'}, {1})                                          --> {"k": 1}
OBJECT_CONSTRUCT({NULL::string}, {1})                                 --> {}
OBJECT_CONSTRUCT()                                                    --> {}
OBJECT_CONSTRUCT('a', PARSE_JSON({'null'}))                           --> {"a": null}
OBJECT_CONSTRUCT('a', PARSE_JSON({'{"b": null}'}))                    --> {"a": {"b": null}}
OBJECT_CONSTRUCT('a', PARSE_JSON({'[1, "x"]'}))                       --> {"a": [1, "x"]}
OBJECT_CONSTRUCT('a', OBJECT_CONSTRUCT('b', {TRUE})):a.b::boolean     --> TRUE
OBJECT_CONSTRUCT('a', ARRAY_CONSTRUCT({1}, {2}))                      --> {"a": [1, 2]}
OBJECT_CONSTRUCT('a', {'x'}):a::string                                --> 'x'
OBJECT_CONSTRUCT('a', PARSE_JSON({'{"u": "x"}'}):u):a::string         --> 'x'
OBJECT_CONSTRUCT('a', {1}, 'a', {2})                                  --> error
OBJECT_CONSTRUCT_KEEP_NULL('b', {1}, 'a', {NULL::int})                --> {"a": null, "b": 1}
OBJECT_CONSTRUCT_KEEP_NULL('b', {1}, 'a', NULL)::string               --> '{"a":null,"b":1}'
OBJECT_CONSTRUCT_KEEP_NULL({NULL::string}, {1})                       --> {}
OBJECT_INSERT(OBJECT_CONSTRUCT('a', {1}), 'b', {2})                   --> {"a": 1, "b": 2}
OBJECT_INSERT(OBJECT_CONSTRUCT('a', {1}), 'a', {2}, TRUE)             --> {"a": 2}
OBJECT_INSERT(OBJECT_CONSTRUCT('a', {1}), 'a', {2})                   --> error
OBJECT_INSERT(OBJECT_CONSTRUCT('a', {1}), 'b', {NULL::int})           --> {"a": 1}
OBJECT_INSERT(PARSE_JSON({'{"a": null}'}), 'b', 'x')                  --> {"a": null, "b": "x"}
OBJECT_INSERT(PARSE_JSON({'{"a": 1}'})::object, 'b', {2})             --> {"a": 1, "b": 2}
OBJECT_DELETE(OBJECT_CONSTRUCT('a', {1}, 'b', {2}, 'c', {3}), 'a', 'b') --> {"c": 3}
OBJECT_DELETE(PARSE_JSON({'{"a": 1}'}), 'x')                          --> {"a": 1}
OBJECT_PICK(OBJECT_CONSTRUCT('a', {1}, 'b', {2}, 'c', {3}), 'a', 'b') --> {"a": 1, "b": 2}
OBJECT_PICK(OBJECT_CONSTRUCT('a', {1}, 'b', {2}), 'a', 'new')         --> {"a": 1}
OBJECT_PICK(OBJECT_CONSTRUCT('a', {1}, 'b', {2}), ARRAY_CONSTRUCT('a', 'b')) --> {"a": 1, "b": 2}
OBJECT_KEYS(PARSE_JSON({'{"b": 1, "a": {"x": 2}}'}))                  --> ["a", "b"]
OBJECT_KEYS(OBJECT_CONSTRUCT('k', {1}))                               --> ["k"]
ARRAY_SIZE(OBJECT_KEYS(PARSE_JSON({'{"b": 1, "a": 2}'})))             --> 2
TO_OBJECT(PARSE_JSON({'{"a": 1}'})):a::int                            --> 1
TO_JSON(OBJECT_CONSTRUCT('b', {1}, 'a', {'x'}))                       --> '{"a":"x","b":1}'
TYPEOF(OBJECT_CONSTRUCT('a', {1})::variant)                           --> 'OBJECT'
TYPEOF(OBJECT_CONSTRUCT('a', {1}):a)                                  --> 'INTEGER'
IS_OBJECT(OBJECT_CONSTRUCT('a', {1})::variant)                        --> TRUE
GET(OBJECT_CONSTRUCT('a', {1}), 'a')::int                             --> 1

SELECT {'b': 1, 'a': 'x'}                                             --> {"a": "x", "b": 1}
SELECT {'b': id, 'a': name}::string FROM demo ORDER BY id             --> ('{"a":"Ann","b":1}'), ('{"a":"Bo","b":2}')
SELECT OBJECT_CONSTRUCT(*) FROM demo ORDER BY id                      --> ({"AGE": 30, "ID": 1, "NAME": "Ann"}), ({"ID": 2, "NAME": "Bo", "NOTE": "x"})
SELECT OBJECT_CONSTRUCT(*)::string FROM demo WHERE id = 1             --> '{"AGE":30,"ID":1,"NAME":"Ann"}'
SELECT OBJECT_CONSTRUCT(d.*) FROM demo d WHERE d.id = 2               --> {"ID": 2, "NAME": "Bo", "NOTE": "x"}
SELECT OBJECT_CONSTRUCT(* EXCLUDE (name)) FROM demo WHERE id = 2      --> {"ID": 2, "NOTE": "x"}
SELECT {*} FROM demo WHERE id = 2                                     --> {"ID": 2, "NAME": "Bo", "NOTE": "x"}
SELECT OBJECT_CONSTRUCT(*) FROM demo d JOIN (SELECT 1 AS one) o ON d.id = o.one --> {"AGE": 30, "ID": 1, "NAME": "Ann", "ONE": 1}
SELECT OBJECT_CONSTRUCT('id', id, 'age', age) FROM demo ORDER BY id   --> ({"age": 30, "id": 1}), ({"id": 2})
SELECT OBJECT_AGG(k, n) FROM pairs                                    --> {"a": 1, "b": 2}
SELECT OBJECT_AGG(k, n::variant)::string FROM pairs                   --> '{"a":1,"b":2}'
SELECT OBJECT_AGG(k, n):b::int FROM pairs                             --> 2
SELECT ARRAY_AGG(OBJECT_CONSTRUCT('k', k, 'n', n)) WITHIN GROUP (ORDER BY k) FROM pairs WHERE n < 3 --> [{"k": "a", "n": 1}, {"k": "b", "n": 2}]
SELECT ARRAY_AGG(OBJECT_CONSTRUCT('k', k))::string FROM pairs WHERE n < 3 --> '[{"k":"a"},{"k":"b"}]'
OBJECT_CONSTRUCT('d', {'2026-01-31'::date})::string --> '{"d":"2026-01-31"}'
OBJECT_CONSTRUCT('t', {'2026-01-31 10:00:00'::timestamp})::string --> '{"t":"2026-01-31 10:00:00.000"}'
OBJECT_CONSTRUCT('t', {'2026-01-31 10:00:00'::timestamp}):t::timestamp --> TIMESTAMP '2026-01-31 10:00:00'
OBJECT_CONSTRUCT('t', {'10:00:00'::time}):t::string --> '10:00:00'
OBJECT_CONSTRUCT('t', {NULL::timestamp})::string --> '{}'
