CREATE TABLE events AS SELECT * FROM (VALUES
    (1, 1, 10,   'a'), (1, 2, NULL, 'b'), (1, 3, 30, 'c'),
    (2, 1, 5,    'd'), (2, 2, 5,    'e'), (2, 3, 9,  'f')) v(u, t, v, x);

SELECT x, ROW_NUMBER() OVER (PARTITION BY u ORDER BY t DESC) FROM events ORDER BY x  --> ('a', 3), ('b', 2), ('c', 1), ('d', 3), ('e', 2), ('f', 1)
SELECT x, RANK() OVER (ORDER BY v), DENSE_RANK() OVER (ORDER BY v) FROM events WHERE u = 2 ORDER BY x  --> ('d', 1, 1), ('e', 1, 1), ('f', 3, 2)
SELECT x, PERCENT_RANK() OVER (ORDER BY v), ROUND(CUME_DIST() OVER (ORDER BY v), 6) FROM events WHERE u = 2 ORDER BY x  --> ('d', 0, 0.666667), ('e', 0, 0.666667), ('f', 1, 1)
SELECT x, NTILE(2) OVER (ORDER BY t) FROM events WHERE u = 1 ORDER BY x  --> ('a', 1), ('b', 1), ('c', 2)
-- NULLs come last, descending first
SELECT x, RANK() OVER (ORDER BY v) FROM events WHERE u = 1 ORDER BY x  --> ('a', 1), ('b', 3), ('c', 2)
SELECT x, RANK() OVER (ORDER BY v DESC) FROM events WHERE u = 1 ORDER BY x  --> ('a', 3), ('b', 1), ('c', 2)
SELECT x, RANK() OVER (ORDER BY v DESC NULLS LAST) FROM events WHERE u = 1 ORDER BY x  --> ('a', 2), ('b', 3), ('c', 1)
-- Neighbours
SELECT x, LAG(v) OVER (PARTITION BY u ORDER BY t), LEAD(v) OVER (PARTITION BY u ORDER BY t) FROM events ORDER BY x  --> ('a', NULL, NULL), ('b', 10, 30), ('c', NULL, NULL), ('d', NULL, 5), ('e', 5, 9), ('f', 5, NULL)
SELECT x, LAG(v, 2) OVER (ORDER BY t) FROM events WHERE u = 2 ORDER BY x  --> ('d', NULL), ('e', NULL), ('f', 5)
SELECT x, LAG(v, 1, 0) OVER (ORDER BY t) FROM events WHERE u = 2 ORDER BY x  --> ('d', 0), ('e', 5), ('f', 5)
SELECT x, LAG(v) IGNORE NULLS OVER (ORDER BY t) FROM events WHERE u = 1 ORDER BY x  --> ('a', NULL), ('b', 10), ('c', 10)
SELECT x, LEAD(v) IGNORE NULLS OVER (ORDER BY t) FROM events WHERE u = 1 ORDER BY x  --> ('a', 30), ('b', 30), ('c', NULL)
SELECT x, LEAD(v, -1) OVER (ORDER BY t) FROM events WHERE u = 2 ORDER BY x  --> ('d', NULL), ('e', 5), ('f', 5)
-- FIRST_VALUE and its kin: of the whole partition where no frame is given
SELECT x, FIRST_VALUE(x) OVER (PARTITION BY u ORDER BY t) FROM events ORDER BY x  --> ('a', 'a'), ('b', 'a'), ('c', 'a'), ('d', 'd'), ('e', 'd'), ('f', 'd')
SELECT x, LAST_VALUE(x) OVER (PARTITION BY u ORDER BY t) FROM events ORDER BY x  --> ('a', 'c'), ('b', 'c'), ('c', 'c'), ('d', 'f'), ('e', 'f'), ('f', 'f')
SELECT x, NTH_VALUE(x, 2) OVER (PARTITION BY u ORDER BY t) FROM events ORDER BY x  --> ('a', 'b'), ('b', 'b'), ('c', 'b'), ('d', 'e'), ('e', 'e'), ('f', 'e')
SELECT x, LAST_VALUE(x) OVER (PARTITION BY u ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM events WHERE u = 1 ORDER BY x  --> ('a', 'a'), ('b', 'b'), ('c', 'c')
SELECT DISTINCT FIRST_VALUE(v) IGNORE NULLS OVER (PARTITION BY u ORDER BY t DESC) FROM events WHERE u = 1  --> (30)
SELECT x, LAST_VALUE(v IGNORE NULLS) OVER (ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM events WHERE u = 1 ORDER BY x  --> ('a', 10), ('b', 10), ('c', 30)
SELECT x, FIRST_VALUE(v) RESPECT NULLS OVER (ORDER BY t DESC) FROM events WHERE u = 1 ORDER BY x  --> ('a', 30), ('b', 30), ('c', 30)
SELECT DISTINCT NTH_VALUE(x, 2) FROM LAST OVER (ORDER BY t) FROM events WHERE u = 1  --> ('b')
-- Sums so far: with peers where no frame is given
SELECT x, SUM(v) OVER (ORDER BY v) FROM events WHERE u = 2 ORDER BY x  --> ('d', 10), ('e', 10), ('f', 19)
SELECT x, SUM(v) OVER (ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM events WHERE u = 2 ORDER BY x  --> ('d', 5), ('e', 10), ('f', 19)
SELECT x, SUM(v) OVER (ORDER BY t ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM events WHERE u = 2 ORDER BY x  --> ('d', 10), ('e', 19), ('f', 14)
SELECT x, SUM(v) OVER (ORDER BY t ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) FROM events WHERE u = 2 ORDER BY x  --> ('d', 14), ('e', 9), ('f', NULL)
SELECT x, AVG(v) OVER (PARTITION BY u) FROM events ORDER BY x LIMIT 1  --> ('a', 20)
SELECT x, COUNT(v) OVER (PARTITION BY u ORDER BY t) FROM events WHERE u = 1 ORDER BY x  --> ('a', 1), ('b', 1), ('c', 2)
SELECT x, MAX(v) OVER (PARTITION BY u ORDER BY t) FROM events WHERE u = 1 ORDER BY x  --> ('a', 10), ('b', 10), ('c', 30)
SELECT DISTINCT u, COUNT(DISTINCT v) OVER (PARTITION BY u) FROM events ORDER BY u  --> (1, 2), (2, 2)
SELECT DISTINCT u, MEDIAN(v) OVER (PARTITION BY u) FROM events ORDER BY u  --> (1, 20), (2, 5)
SELECT DISTINCT u, LISTAGG(x, ',') WITHIN GROUP (ORDER BY t) OVER (PARTITION BY u) FROM events ORDER BY u  --> (1, 'a,b,c'), (2, 'd,e,f')
SELECT DISTINCT u, ARRAY_AGG(x) WITHIN GROUP (ORDER BY t) OVER (PARTITION BY u) FROM events ORDER BY u  --> (1, ["a", "b", "c"]), (2, ["d", "e", "f"])
SELECT DISTINCT u, COUNT_IF(v > 5) OVER (PARTITION BY u) FROM events ORDER BY u  --> (1, 2), (2, 1)
SELECT DISTINCT u, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY v) OVER (PARTITION BY u) FROM events ORDER BY u  --> (1, 20), (2, 5)
-- Shares and events
SELECT x, RATIO_TO_REPORT(v) OVER (PARTITION BY u) FROM events WHERE u = 1 ORDER BY x  --> ('a', 0.25), ('b', NULL), ('c', 0.75)
SELECT x, RATIO_TO_REPORT(v - 9) OVER (PARTITION BY t) FROM events WHERE x = 'f'  --> ('f', NULL)
SELECT x, CONDITIONAL_TRUE_EVENT(v > 5) OVER (PARTITION BY u ORDER BY t) FROM events ORDER BY x  --> ('a', 1), ('b', 1), ('c', 2), ('d', 0), ('e', 0), ('f', 1)
SELECT x, CONDITIONAL_CHANGE_EVENT(v) OVER (PARTITION BY u ORDER BY t) FROM events WHERE u = 2 ORDER BY x  --> ('d', 0), ('e', 0), ('f', 1)  -- rejected: CONDITIONAL_CHANGE_EVENT
-- QUALIFY
SELECT u, x FROM events QUALIFY ROW_NUMBER() OVER (PARTITION BY u ORDER BY t DESC) = 1 ORDER BY u  --> (1, 'c'), (2, 'f')
SELECT u, x, ROW_NUMBER() OVER (PARTITION BY u ORDER BY t) AS rn FROM events QUALIFY rn = 2 ORDER BY u  --> (1, 'b', 2), (2, 'e', 2)
SELECT u, SUM(v) AS s FROM events GROUP BY u QUALIFY RANK() OVER (ORDER BY SUM(v) DESC) = 1  --> (1, 40)
SELECT x FROM events WHERE u = 1 QUALIFY COUNT(*) OVER (PARTITION BY u) = 3 AND v IS NOT NULL ORDER BY x  --> ('a'), ('c')
