CREATE TABLE t AS SELECT * FROM (VALUES (1, 'a', 10), (2, 'b', NULL), (3, 'A', 30)) v(id, s, n);
CREATE TABLE r AS SELECT * FROM (VALUES (1, 'x'), (1, 'y'), (4, 'z')) v(id, w);
CREATE TABLE ticks AS SELECT * FROM (VALUES (1, TIMESTAMP '2026-01-01 10:00:00', 100), (1, TIMESTAMP '2026-01-01 12:00:00', 120)) v(id, seen, price);
CREATE TABLE trades AS SELECT * FROM (VALUES (1, TIMESTAMP '2026-01-01 11:00:00'), (1, TIMESTAMP '2026-01-01 09:00:00'), (2, TIMESTAMP '2026-01-01 11:00:00')) v(id, seen);

-- Order: NULLs last, descending first; text by code point
SELECT n FROM t ORDER BY n                         --> (10), (30), (NULL)
SELECT n FROM t ORDER BY n DESC                    --> (NULL), (30), (10)
SELECT n FROM t ORDER BY n NULLS FIRST             --> (NULL), (10), (30)
SELECT n FROM t ORDER BY n DESC NULLS LAST         --> (30), (10), (NULL)
SELECT s FROM t ORDER BY s                         --> ('A'), ('a'), ('b')
SELECT s, n FROM t ORDER BY 2, 1                   --> ('a', 10), ('A', 30), ('b', NULL)
SELECT s AS z FROM t ORDER BY z DESC               --> ('b'), ('a'), ('A')
SELECT id FROM t ORDER BY id LIMIT 1 OFFSET 1      --> (2)
SELECT id FROM t ORDER BY id FETCH FIRST 2 ROWS ONLY  --> (1), (2)
SELECT TOP 2 id FROM t ORDER BY id                 --> (1), (2)
SELECT id FROM t ORDER BY id OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY  --> (2)
-- Names: without regard to case unless quoted; an alias can be used beside it, a column of that name comes first
SELECT ID, S FROM T WHERE Id = 1                   --> (1, 'a')
SELECT id * 2 AS d, d + 1 AS e FROM t ORDER BY d   --> d, e: (2, 3), (4, 5), (6, 7)
SELECT id + 100 AS n, n AS m FROM t WHERE id = 1   --> (101, 10)
SELECT id + 1 AS k FROM t WHERE k = 2              --> (2)
SELECT UPPER(s) AS s FROM t WHERE s = 'a'          --> ('A')
SELECT id + 1 AS id FROM t WHERE id = 1            --> (2)
SELECT UPPER(s) AS s, COUNT(*) FROM t GROUP BY s ORDER BY 1, 2  --> ('A', 1), ('A', 1), ('B', 1)
SELECT x."Total", x."total" FROM (SELECT 1 AS "Total", 2 AS "total") x  --> (1, 2)  -- rejected: differ only in case
-- Columns
SELECT * EXCLUDE (n) FROM t WHERE id = 1           --> id, s: (1, 'a')
SELECT * EXCLUDE n FROM t WHERE id = 1             --> id, s: (1, 'a')
SELECT * RENAME (n AS amount) FROM t WHERE id = 1  --> id, s, amount: (1, 'a', 10)
SELECT * REPLACE (n + 1 AS n) FROM t WHERE id = 1  --> id, s, n: (1, 'a', 11)
SELECT * EXCLUDE (s) RENAME (n AS amount) FROM t WHERE id = 1  --> id, amount: (1, 10)
SELECT * ILIKE '%d' FROM t WHERE id = 1            --> id: (1)
SELECT t.*, r.w FROM t JOIN r ON t.id = r.id ORDER BY w  --> (1, 'a', 10, 'x'), (1, 'a', 10, 'y')
SELECT $1, $2 FROM VALUES (1, 'a'), (2, 'b') ORDER BY 1  --> (1, 'a'), (2, 'b')
SELECT column1, column2 FROM VALUES (1, 'a')       --> (1, 'a')
SELECT v.column1 FROM (VALUES (1), (2)) v ORDER BY 1  --> (1), (2)
SELECT a, b FROM (VALUES (1, 'x')) AS q(a, b)      --> (1, 'x')
SELECT 1 AS one, 'x' AS two                        --> one, two: (1, 'x')
SELECT id, s, FROM t WHERE id = 1                  --> (1, 'a')
-- Joins
SELECT t.id, w FROM t LEFT JOIN r ON t.id = r.id ORDER BY 1, 2  --> (1, 'x'), (1, 'y'), (2, NULL), (3, NULL)
SELECT t.id, r.id FROM t FULL OUTER JOIN r ON t.id = r.id ORDER BY 1, 2  --> (1, 1), (1, 1), (2, NULL), (3, NULL), (NULL, 4)
SELECT t.id, r.id FROM t RIGHT JOIN r ON t.id = r.id WHERE t.id IS NULL  --> (NULL, 4)
SELECT id, w FROM t JOIN r USING (id) ORDER BY w   --> (1, 'x'), (1, 'y')
SELECT * FROM t NATURAL JOIN r ORDER BY w          --> (1, 'a', 10, 'x'), (1, 'a', 10, 'y')
SELECT COUNT(*) FROM t CROSS JOIN r                --> (9)
SELECT COUNT(*) FROM t, r                          --> (9)
SELECT t.id, l.m FROM t, LATERAL (SELECT MAX(w) AS m FROM r WHERE r.id = t.id) l ORDER BY 1  --> (1, 'y'), (2, NULL), (3, NULL)
SELECT t.id, w FROM t, r WHERE t.id = r.id (+) ORDER BY 1, 2  --> (1, 'x'), (1, 'y'), (2, NULL), (3, NULL)
SELECT a.seen, b.price FROM trades a ASOF JOIN ticks b MATCH_CONDITION (a.seen >= b.seen) ON a.id = b.id ORDER BY a.id, a.seen  --> (TIMESTAMP '2026-01-01 09:00:00', NULL), (TIMESTAMP '2026-01-01 11:00:00', 100), (TIMESTAMP '2026-01-01 11:00:00', NULL)
SELECT a.seen, b.price FROM trades a ASOF JOIN ticks b MATCH_CONDITION (a.seen < b.seen) ON a.id = b.id WHERE a.id = 1 ORDER BY a.seen  --> (TIMESTAMP '2026-01-01 09:00:00', 100), (TIMESTAMP '2026-01-01 11:00:00', 120)
-- Sets
SELECT id FROM t UNION SELECT id FROM r ORDER BY 1  --> (1), (2), (3), (4)
SELECT id FROM r UNION ALL SELECT id FROM r ORDER BY 1  --> (1), (1), (1), (1), (4), (4)
SELECT id FROM t INTERSECT SELECT id FROM r        --> (1)
SELECT id FROM t EXCEPT SELECT id FROM r ORDER BY 1  --> (2), (3)
SELECT id FROM t MINUS SELECT id FROM r ORDER BY 1  --> (2), (3)
SELECT id FROM r MINUS SELECT 9                    --> (1), (4)
SELECT 1 AS a, 'x' AS b UNION ALL BY NAME SELECT 'y' AS b, 2 AS a ORDER BY a  --> a, b: (1, 'x'), (2, 'y')
SELECT NULL AS a UNION SELECT NULL                 --> (NULL)
SELECT DISTINCT id FROM r ORDER BY id              --> (1), (4)
-- Subqueries
SELECT id FROM t WHERE id IN (SELECT id FROM r)    --> (1)
SELECT id FROM t WHERE id NOT IN (SELECT id FROM r) ORDER BY id  --> (2), (3)
SELECT id FROM t WHERE EXISTS (SELECT 1 FROM r WHERE r.id = t.id)  --> (1)
SELECT id FROM t WHERE n > ALL (SELECT 10)         --> (3)
SELECT id FROM t WHERE id = ANY (SELECT id FROM r)  --> (1)
SELECT (SELECT MAX(n) FROM t)                      --> (30)
SELECT (SELECT n FROM t WHERE id < 4)              --> error
WITH a AS (SELECT id FROM t WHERE id > 1), b (k) AS (SELECT id FROM a) SELECT k FROM b ORDER BY k  --> (2), (3)
WITH RECURSIVE c (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM c WHERE k < 3) SELECT k FROM c ORDER BY k  --> (1), (2), (3)
WITH c (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM c WHERE k < 3) SELECT k FROM c ORDER BY k  --> (1), (2), (3)
-- Rows from nothing
SELECT SEQ4() AS k FROM TABLE(GENERATOR(ROWCOUNT => 3)) ORDER BY k  --> (0), (1), (2)
SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS k FROM TABLE(GENERATOR(ROWCOUNT => 3)) ORDER BY k  --> (1), (2), (3)
SELECT DATEADD(day, SEQ4(), '2026-01-01'::date) AS d FROM TABLE(GENERATOR(ROWCOUNT => 2)) ORDER BY d  --> (DATE '2026-01-01'), (DATE '2026-01-02')
SELECT 1 FROM DUAL                                 --> (1)
SELECT s.value, s.index FROM TABLE(SPLIT_TO_TABLE('a.b', '.')) s ORDER BY 2  --> ('a', 1), ('b', 2)
SELECT t.id, p.value::string FROM t, LATERAL SPLIT_TO_TABLE(s || '-x', '-') p WHERE id = 1 ORDER BY p.index  --> (1, 'a'), (1, 'x')
SELECT value::string FROM TABLE(STRTOK_SPLIT_TO_TABLE('a.b,c', '.,')) ORDER BY index  --> ('a'), ('b'), ('c')
-- Samples: a share of the rows, or a number of rows
SELECT COUNT(*) FROM t SAMPLE (100)                --> (3)
SELECT COUNT(*) FROM t SAMPLE (0)                  --> (0)
SELECT COUNT(*) FROM t SAMPLE (2 ROWS)             --> (2)
SELECT COUNT(*) FROM t TABLESAMPLE (10 ROWS)       --> (3)
SELECT COUNT(*) FROM t SAMPLE BLOCK (100)          --> (3)
SELECT COUNT(*) FROM t TABLESAMPLE BERNOULLI (100)  --> (3)
-- What cannot be expressed in DuckDB
SELECT * FROM t MATCH_RECOGNIZE (ORDER BY id MEASURES MATCH_NUMBER() AS m PATTERN (a) DEFINE a AS id > 1)  --> any  -- rejected: MATCH_RECOGNIZE
SELECT id FROM t START WITH id = 1 CONNECT BY id = PRIOR id + 1  --> (1), (2), (3)  -- rejected: CONNECT BY
SELECT * FROM t AT (OFFSET => -60)                 --> any  -- rejected: AT
SELECT * FROM t CHANGES (INFORMATION => DEFAULT) AT (OFFSET => -60)  --> any  -- rejected: CHANGES
SELECT my_udf(id) FROM t                           --> any  -- rejected: MY_UDF
SELECT SYSTEM$TYPEOF(id) FROM t WHERE id = 1       --> any  -- rejected: SYSTEM$TYPEOF
SELECT STRPTIME('2026', '%Y')                      --> error
SELECT LIST(id) FROM t                             --> error
SELECT REGEXP_MATCHES(s, 'a') FROM t               --> error
SELECT EPOCH_MS(1)                                 --> error
SELECT STRFTIME(CURRENT_DATE(), '%Y')              --> error
SELECT ILIKE_ESCAPE('a', 'b', 'c')                 --> error
SELECT STRUCT_PACK(a := 1)                         --> error
SELECT READ_TEXT('x')                              --> error
SELECT t.id, w FROM t LEFT JOIN r ON t.id = r.id WHERE w IS NULL ORDER BY 1  --> (2, NULL), (3, NULL)
SELECT t.id, r.w FROM t, r WHERE t.id = r.id (+) AND r.w (+) = 'y' ORDER BY 1, 2  --> (1, 'y'), (2, NULL), (3, NULL)
SELECT t.id, w FROM t, r WHERE s = w (+)             --> (1, NULL), (2, NULL), (3, NULL)  -- rejected: (+)
