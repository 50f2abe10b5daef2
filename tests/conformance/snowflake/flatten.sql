-- FLATTEN, SPLIT_TO_TABLE, STRTOK_SPLIT_TO_TABLE. The rows of FLATTEN come in no order here.
CREATE TABLE docs AS SELECT * FROM (VALUES
  (1, '{"tags": ["a", "b"], "items": [{"p": "x"}, {"p": "y"}]}'::JSON, 'a,b', ['p', 'q']),
  (2, '{"tags": []}'::JSON, 'c', []),
  (3, NULL, NULL, NULL)
) v(id, v, s, l);
CREATE TABLE texts AS SELECT 1 AS id, '["a"]' AS t;

SELECT key, path, index, value FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1, 77]'))) f ORDER BY index --> (NULL, '[0]', 0, 1), (NULL, '[1]', 1, 77)
SELECT key, path, index, value FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a": 1, "b": [77, 88]}'))) f ORDER BY key --> ('a', 'a', NULL, 1), ('b', 'b', NULL, [77, 88])
SELECT key, path, index, value, this FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a": 1, "b": [77, 88]}'), PATH => 'b')) f ORDER BY index --> (NULL, 'b[0]', 0, 77, [77, 88]), (NULL, 'b[1]', 1, 88, [77, 88])
SELECT COUNT(*) FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[]'))) f                    --> 0
SELECT key, path, index, value, this FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[]'), OUTER => TRUE)) f --> (NULL, '', NULL, NULL, [])
SELECT path, value FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a": 1, "b": [77, 88], "c": {"d": "X"}}'), RECURSIVE => TRUE)) f ORDER BY path --> ('a', 1), ('b', [77, 88]), ('b[0]', 77), ('b[1]', 88), ('c', {"d": "X"}), ('c.d', JSON "X")
SELECT this FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"c": {"d": "X"}}'), RECURSIVE => TRUE)) f WHERE path = 'c.d' --> {"d": "X"}
SELECT COUNT(*) FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a": 1, "c": [1]}'), RECURSIVE => TRUE, MODE => 'OBJECT')) f --> 2
SELECT path FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a b": 1, "_c": 2}'))) f ORDER BY path --> ('[''a b'']'), ('_c')
SELECT COUNT(*) FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1]'), MODE => 'OBJECT')) f --> 0
SELECT COUNT(*) FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1]'), MODE => 'ARRAY')) f  --> 1
SELECT COUNT(*) FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a": 1}'), MODE => 'ARRAY')) f --> 0
SELECT COUNT(*) FROM TABLE(FLATTEN(INPUT => PARSE_JSON('"text"'))) f                --> 0
SELECT f.seq FROM docs, LATERAL FLATTEN(INPUT => v:tags) f                          --> any  -- rejected: SEQ
SELECT id, f.value::string FROM docs, LATERAL FLATTEN(INPUT => v:tags) f ORDER BY 1, 2 --> (1, 'a'), (1, 'b')
SELECT id, f.value::string FROM docs, LATERAL FLATTEN(INPUT => v:tags, OUTER => TRUE) f ORDER BY 1, 2 --> (1, 'a'), (1, 'b'), (2, NULL), (3, NULL)
SELECT id, f.this FROM docs, LATERAL FLATTEN(INPUT => v:tags, OUTER => TRUE) f WHERE id > 1 ORDER BY 1 --> (2, []), (3, NULL)
SELECT id, f.value FROM docs LEFT JOIN LATERAL FLATTEN(INPUT => v:tags) f WHERE id > 1 ORDER BY 1 --> (2, NULL), (3, NULL)
SELECT f.value:p::string FROM docs, LATERAL FLATTEN(v:items) f ORDER BY f.index     --> ('x'), ('y')
SELECT f.value['p']::string FROM docs, TABLE(FLATTEN(v:items)) f ORDER BY f.index   --> ('x'), ('y')
SELECT value:p::string FROM docs, LATERAL FLATTEN(input => v, path => 'items') ORDER BY index --> ('x'), ('y')
SELECT g.key, g.value::string FROM docs, LATERAL FLATTEN(v:items) f, LATERAL FLATTEN(f.value) g ORDER BY f.index --> ('p', 'x'), ('p', 'y')
SELECT f.value::string FROM docs, LATERAL FLATTEN(INPUT => SPLIT(s, ',')) f WHERE id = 1 ORDER BY f.index --> ('a'), ('b')
SELECT f.value::string FROM docs, LATERAL FLATTEN(INPUT => l) f ORDER BY f.index    --> ('p'), ('q')
SELECT f.value::string FROM docs, LATERAL FLATTEN(INPUT => ARRAY_CONSTRUCT(id, s)) f WHERE id = 2 ORDER BY f.index --> ('2'), ('c')
SELECT MAX(f.value)::string FROM docs, LATERAL FLATTEN(INPUT => v:tags) f           --> 'b'
SELECT LISTAGG(f.value, '+') FROM docs, LATERAL FLATTEN(INPUT => v:tags) f          --> 'a+b'
SELECT id FROM docs, LATERAL FLATTEN(INPUT => v:tags) f WHERE f.value = 'b'         --> 1
SELECT UPPER(f.value) FROM docs, LATERAL FLATTEN(INPUT => v:tags) f WHERE f.value IN ('b') --> 'B'
SELECT COALESCE(f.value, 'none')::string FROM docs, LATERAL FLATTEN(INPUT => v:tags, OUTER => TRUE) f ORDER BY 1 --> ('a'), ('b'), ('none'), ('none')
SELECT f.value::int + 1 FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1, 2]'))) f ORDER BY 1 --> (2), (3)
SELECT SUM(f.value) FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1, 2]'))) f            --> 3
SELECT f.value FROM texts, LATERAL FLATTEN(INPUT => t) f                            --> error
SELECT f.value::string FROM texts, LATERAL FLATTEN(INPUT => PARSE_JSON(t)) f        --> 'a'
SELECT index, value FROM TABLE(SPLIT_TO_TABLE('a.b', '.')) ORDER BY index           --> (1, 'a'), (2, 'b')
SELECT id, x.value FROM docs, LATERAL SPLIT_TO_TABLE(s, ',') x ORDER BY id, x.index --> (1, 'a'), (1, 'b'), (2, 'c')
SELECT index, value FROM TABLE(STRTOK_SPLIT_TO_TABLE('a.b c', '. ')) ORDER BY index --> (1, 'a'), (2, 'b'), (3, 'c')
SELECT id, x.value FROM docs, LATERAL STRTOK_SPLIT_TO_TABLE(s, ',') x WHERE id < 3 ORDER BY 1, 2 --> (1, 'a'), (1, 'b'), (2, 'c')
WITH e AS (SELECT f.value AS w FROM docs, LATERAL FLATTEN(v:tags) f) SELECT w::string FROM e ORDER BY 1 --> ('a'), ('b')
SELECT COUNT(*) FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1, [2, {"a": [3]}]]'), RECURSIVE => TRUE, MODE => 'ARRAY')) f  --> (4)
