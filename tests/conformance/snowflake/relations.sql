-- PIVOT, UNPIVOT, SAMPLE, stars, VALUES, LATERAL, GENERATOR.
CREATE TABLE sales AS SELECT * FROM (VALUES (1, 10, 'JAN'), (1, 5, 'JAN'), (1, 7, 'FEB'), (2, 3, 'FEB')) v(emp, amount, month);
CREATE TABLE wide AS SELECT * FROM (VALUES (1, 10, 20, NULL), (2, 30, NULL, 40)) v(id, jan, feb, mar);
CREATE TABLE nulls AS SELECT * FROM (VALUES (1, 2), (1, NULL), (NULL, NULL)) v(a, b);

SELECT * FROM sales PIVOT(SUM(amount) FOR month IN ('JAN', 'FEB')) ORDER BY emp --> emp, "'JAN'", "'FEB'": (1, 15, 7), (2, NULL, 3)
SELECT * FROM sales PIVOT(SUM(amount) FOR month IN ('JAN', 'FEB')) AS p (e, j, f) ORDER BY e --> e, j, f: (1, 15, 7), (2, NULL, 3)
SELECT * FROM sales PIVOT(SUM(amount) FOR month IN ('JAN' AS j, 'FEB' AS f)) ORDER BY emp --> emp, j, f: (1, 15, 7), (2, NULL, 3)
SELECT "'JAN'" FROM sales PIVOT(MAX(amount) FOR month IN ('JAN', 'FEB')) WHERE emp = 1 --> 10
SELECT * FROM sales PIVOT(COUNT(amount) FOR month IN ('JAN', 'FEB')) ORDER BY emp --> (1, 2, 1), (2, 0, 1)
SELECT * FROM sales PIVOT(SUM(amount) FOR month IN ('JAN', 'FEB') DEFAULT ON NULL (0)) ORDER BY emp --> (1, 15, 7), (2, 0, 3)
SELECT * FROM sales PIVOT(SUM(amount) FOR month IN (ANY ORDER BY month)) ORDER BY emp --> any  -- rejected: PIVOT
SELECT * FROM sales PIVOT(SUM(amount) FOR month IN (SELECT DISTINCT month FROM sales)) ORDER BY emp --> any  -- rejected: PIVOT
SELECT * FROM wide UNPIVOT(sales FOR month IN (jan, feb, mar)) ORDER BY id, month --> id, month, sales: (1, 'FEB', 20), (1, 'JAN', 10), (2, 'JAN', 30), (2, 'MAR', 40)
SELECT id, month, sales FROM wide UNPIVOT INCLUDE NULLS (sales FOR month IN (jan, feb)) ORDER BY id, month --> (1, 'FEB', 20), (1, 'JAN', 10), (2, 'FEB', NULL), (2, 'JAN', 30)
SELECT month, SUM(sales) FROM wide UNPIVOT(sales FOR month IN (jan AS 'January', feb AS f)) GROUP BY month ORDER BY month --> ('F', 20), ('January', 40)
SELECT id FROM wide UNPIVOT(sales FOR month IN (jan, feb)) WHERE month = 'FEB'  --> 1

SELECT COUNT(*) FROM sales SAMPLE (3 ROWS)                                      --> 3
SELECT COUNT(*) FROM sales SAMPLE (100)                                         --> 4
SELECT COUNT(*) FROM sales TABLESAMPLE BERNOULLI (100)                          --> 4
SELECT COUNT(*) FROM sales SAMPLE ROW (0)                                       --> 0
SELECT COUNT(*) FROM sales TABLESAMPLE SYSTEM (100) SEED (82)                   --> 4
SELECT COUNT(*) FROM sales SAMPLE BLOCK (100) REPEATABLE (3)                    --> 4
SELECT COUNT(*) FROM sales SAMPLE (100 ROWS)                                    --> 4
SELECT COUNT(*) FROM (SELECT * FROM sales WHERE emp = 1) SAMPLE (2 ROWS) SEED (1) --> error

SELECT COUNT(n.*) FROM nulls n                                                  --> 1
SELECT COUNT(n.*), COUNT(*) FROM nulls n                                        --> (1, 3)
SELECT a, COUNT(n.*) FROM nulls n GROUP BY a ORDER BY a NULLS LAST              --> (1, 1), (NULL, 0)
SELECT COUNT(a, b) FROM nulls                                                   --> 1
SELECT COUNT(a) FROM nulls                                                      --> 2
SELECT COUNT(DISTINCT a, b) FROM nulls                                          --> 1
SELECT COUNT(DISTINCT n.*) FROM nulls n                                         --> any  -- rejected: COUNT(DISTINCT
SELECT * EXCLUDE b FROM nulls WHERE b = 2                                       --> a: (1)
SELECT * EXCLUDE (b) FROM nulls WHERE b = 2                                     --> a: (1)
SELECT n.* EXCLUDE (a) FROM nulls n WHERE b = 2                                 --> b: (2)
SELECT * RENAME (a AS c) FROM nulls WHERE b = 2                                 --> c, b: (1, 2)
SELECT * RENAME a AS c FROM nulls WHERE b = 2                                   --> c, b: (1, 2)
SELECT * EXCLUDE a RENAME b AS c FROM nulls WHERE b = 2                         --> c: (2)
SELECT * REPLACE (a + 1 AS a) FROM nulls WHERE b = 2                            --> a, b: (2, 2)
SELECT * ILIKE '%A%' FROM wide WHERE id = 1                                     --> jan, mar: (10, NULL)
SELECT column1, column2 FROM VALUES (1, 'x'), (2, 'y') ORDER BY column1         --> (1, 'x'), (2, 'y')
SELECT v.column1 FROM (VALUES (1), (2)) AS v ORDER BY 1 DESC                    --> (2), (1)
SELECT a FROM (VALUES (1), (2)) AS v (a) ORDER BY 1                             --> (1), (2)
SELECT id, x.s FROM wide, LATERAL (SELECT wide.jan + 1 AS s) x ORDER BY id      --> (1, 11), (2, 31)
SELECT id, x.n FROM wide w, LATERAL (SELECT COUNT(*) AS n FROM sales s WHERE s.emp = w.id) x ORDER BY id --> (1, 3), (2, 1)
SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 3)) ORDER BY 1                   --> (0), (1), (2)
SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 5))                            --> 5
SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) FROM TABLE(GENERATOR(ROWCOUNT => 2)) ORDER BY 1 --> (1), (2)
SELECT a.emp FROM (SELECT 1 AS emp, 5 AS k) a ASOF JOIN (SELECT 4 AS k) b MATCH_CONDITION (a.k >= b.k) --> 1
SELECT emp, amount FROM sales QUALIFY ROW_NUMBER() OVER (PARTITION BY emp ORDER BY amount DESC) = 1 ORDER BY emp --> (1, 10), (2, 3)
SELECT emp FROM sales GROUP BY ALL ORDER BY emp                                 --> (1), (2)
SELECT TOP 1 amount FROM sales ORDER BY amount DESC                             --> 10
SELECT emp AS e, e + 1 AS f FROM sales WHERE amount = 3                         --> (2, 3)
SELECT 1 AS a MINUS SELECT 1                                                    --> no rows
