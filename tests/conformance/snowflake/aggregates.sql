CREATE TABLE sales AS SELECT * FROM (VALUES
    (1, 'b',  10,   1.5::DOUBLE, true),
    (1, 'a',  20,   NULL,        false),
    (1, 'c',  NULL, 2.5,         true),
    (1, 'a',  20,   0.5,         NULL),
    (2, 'a',  5,    1.0,         false),
    (2, NULL, 7,    2.0,         false),
    (3, NULL, NULL, NULL,        NULL)) v(g, s, n, f, b);
CREATE TABLE nothing AS SELECT * FROM sales WHERE false;

-- COUNT: of several columns, the rows in which none is NULL
SELECT COUNT(*) FROM sales                         --> (7)
SELECT COUNT(n) FROM sales                         --> (5)
SELECT COUNT(s, n) FROM sales                      --> (4)
SELECT COUNT(DISTINCT s) FROM sales                --> (3)
SELECT COUNT(DISTINCT s, n) FROM sales             --> (3)
SELECT COUNT(DISTINCT g, b) FROM sales             --> (3)
SELECT g, COUNT(s, n, f) FROM sales GROUP BY g ORDER BY g  --> (1, 2), (2, 1), (3, 0)
SELECT COUNT(*), COUNT(n) FROM nothing             --> (0, 0)
SELECT COUNT_IF(n > 7) FROM sales                  --> (3)
SELECT g, COUNT_IF(b) FROM sales GROUP BY g ORDER BY g  --> (1, 2), (2, 0), (3, 0)
SELECT COUNT_IF(n > 7) FROM nothing                --> (0)
-- SUM, AVG, MIN, MAX
SELECT g, SUM(n) FROM sales GROUP BY g ORDER BY g  --> (1, 50), (2, 12), (3, NULL)
SELECT SUM(DISTINCT n) FROM sales                  --> (42)
SELECT SUM(n) FROM nothing                         --> (NULL)
SELECT AVG(n) FROM sales WHERE g = 2               --> (6)
SELECT AVG(DISTINCT n) FROM sales                  --> (10.5)
SELECT AVG(n) FROM sales WHERE g = 1               --> (16.666667)  -- differs: 15 digits instead of six decimal places
SELECT MIN(s), MAX(s), MIN(n), MAX(n) FROM sales   --> ('a', 'c', 5, 20)
SELECT MAX(n) FROM nothing                         --> (NULL)
SELECT SUM(IFF(b, 1, 0)) FROM sales                --> (2)
SELECT ANY_VALUE(s) FROM sales WHERE s = 'a'       --> ('a')
-- Middle values
SELECT g, MEDIAN(n) FROM sales GROUP BY g ORDER BY g  --> (1, 20), (2, 6), (3, NULL)
SELECT MEDIAN(n) FROM sales                        --> (10)
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY n) FROM sales  --> (10)
SELECT PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY n) FROM sales  --> (7)
SELECT PERCENTILE_CONT(0.1) WITHIN GROUP (ORDER BY n) FROM sales  --> (5.8)
SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY n) FROM sales  --> (10)
SELECT PERCENTILE_DISC(0.1) WITHIN GROUP (ORDER BY n) FROM sales  --> (5)
SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY n DESC) FROM sales  --> (10)
SELECT APPROX_PERCENTILE(n, 0.5) FROM sales        --> (10)
SELECT MODE(s) FROM sales                          --> ('a')
SELECT g, MODE(n) FROM sales GROUP BY g HAVING g <> 2 ORDER BY g  --> (1, 20), (3, NULL)
-- Spread
SELECT ROUND(STDDEV(n), 9) FROM sales              --> (7.162401832)
SELECT ROUND(STDDEV_SAMP(n), 9), ROUND(STDDEV_POP(n), 9) FROM sales  --> (7.162401832, 6.406246951)
SELECT ROUND(VARIANCE(n), 9), ROUND(VAR_SAMP(n), 9), ROUND(VAR_POP(n), 9) FROM sales  --> (51.3, 51.3, 41.04)
SELECT ROUND(VARIANCE_SAMP(n), 9), ROUND(VARIANCE_POP(n), 9) FROM sales  --> (51.3, 41.04)
SELECT STDDEV(n), VAR_POP(n), STDDEV_POP(n) FROM sales WHERE s = 'b'  --> (NULL, 0, 0)
SELECT ROUND(SKEW(n), 6) FROM sales                --> (0.341833)
SELECT ROUND(KURTOSIS(n), 6) FROM sales            --> (-2.986788)
SELECT COVAR_POP(n, f), ROUND(COVAR_SAMP(n, f), 6) FROM sales  --> (-2.125, -2.833333)
SELECT ROUND(CORR(n, f), 6) FROM sales             --> (-0.659232)
SELECT REGR_SLOPE(n, f), REGR_INTERCEPT(n, f), REGR_COUNT(n, f) FROM sales  --> (-6.8, 19, 4)
SELECT ROUND(REGR_R2(n, f), 6), REGR_AVGX(n, f), REGR_AVGY(n, f) FROM sales  --> (0.434586, 1.25, 10.5)
SELECT REGR_SXX(n, f), REGR_SYY(n, f), REGR_SXY(n, f) FROM sales  --> (1.25, 133, -8.5)
-- Lists
SELECT LISTAGG(s, ',') WITHIN GROUP (ORDER BY s) FROM sales WHERE g = 1  --> ('a,a,b,c')
SELECT LISTAGG(s, ',') WITHIN GROUP (ORDER BY s DESC) FROM sales WHERE g = 1  --> ('c,b,a,a')
SELECT LISTAGG(DISTINCT s, '|') WITHIN GROUP (ORDER BY s) FROM sales  --> ('a|b|c')
SELECT LISTAGG(s) WITHIN GROUP (ORDER BY s) FROM sales  --> ('aaabc')
SELECT g, LISTAGG(s, ',') WITHIN GROUP (ORDER BY s) FROM sales GROUP BY g ORDER BY g  --> (1, 'a,a,b,c'), (2, 'a'), (3, '')
SELECT LISTAGG(n, ',') WITHIN GROUP (ORDER BY n) FROM sales  --> ('5,7,10,20,20')
SELECT STRING_AGG(s, ',') WITHIN GROUP (ORDER BY s) FROM sales WHERE g = 1  --> ('a,a,b,c')
SELECT ARRAY_AGG(n) WITHIN GROUP (ORDER BY n) FROM sales  --> ([5, 7, 10, 20, 20])
SELECT ARRAY_AGG(n) WITHIN GROUP (ORDER BY n DESC) FROM sales  --> ([20, 20, 10, 7, 5])
SELECT ARRAY_AGG(DISTINCT s) WITHIN GROUP (ORDER BY s) FROM sales  --> (["a", "b", "c"])
SELECT ARRAY_AGG(s) WITHIN GROUP (ORDER BY n, s) FROM sales WHERE n IS NOT NULL  --> (["a", "b", "a", "a"])
SELECT g, ARRAY_AGG(s) WITHIN GROUP (ORDER BY s) FROM sales GROUP BY g ORDER BY g  --> (1, ["a", "a", "b", "c"]), (2, ["a"]), (3, [])
SELECT ARRAYAGG(n) WITHIN GROUP (ORDER BY n) FROM sales WHERE g = 2  --> ([5, 7])
SELECT ARRAY_SIZE(ARRAY_UNIQUE_AGG(s)) FROM sales  --> (3)
SELECT ARRAY_SORT(ARRAY_UNION_AGG(x)) FROM (SELECT ARRAY_CONSTRUCT(1, 1, 2) AS x UNION ALL SELECT ARRAY_CONSTRUCT(1, 2, 3))  --> ([1, 1, 2, 3])
SELECT ARRAY_UNION_AGG(x) FROM (SELECT SPLIT(s, ',') AS x FROM nothing)  --> ([])
-- Truth
SELECT g, BOOLOR_AGG(b), BOOLAND_AGG(b), BOOLXOR_AGG(b) FROM sales GROUP BY g ORDER BY g  --> (1, TRUE, FALSE, FALSE), (2, FALSE, FALSE, FALSE), (3, NULL, NULL, NULL)
SELECT BOOLXOR_AGG(b) FROM sales WHERE s = 'c' OR g = 2  --> (TRUE)
SELECT BOOLOR_AGG(n > 7), BOOLAND_AGG(n > 1) FROM sales  --> (TRUE, TRUE)
SELECT g, BITAND_AGG(n), BITOR_AGG(n), BITXOR_AGG(n) FROM sales GROUP BY g ORDER BY g  --> (1, 0, 30, 10), (2, 5, 7, 2), (3, NULL, NULL, NULL)
-- Of the row with the greatest or smallest key
SELECT g, MAX_BY(s, n), MIN_BY(s, n) FROM sales WHERE g = 1 GROUP BY g  --> (1, 'a', 'b')
SELECT MAX_BY(s, n) FROM sales WHERE g = 3         --> (NULL)
SELECT MAX_BY(s, n, 2) FROM sales                  --> (["a", "a"])
SELECT MIN_BY(s, n, 1) FROM sales                  --> (["a"])
SELECT MIN_BY(n, s) FROM sales WHERE s <> 'a'      --> (10)
-- Estimates, which are exact where there is little to count
SELECT APPROX_COUNT_DISTINCT(s), HLL(s) FROM sales  --> (3, 3)
SELECT APPROX_COUNT_DISTINCT(s) FROM nothing       --> (0)
SELECT APPROX_TOP_K(s, 1) FROM sales               --> ([["a", 3]])
SELECT APPROX_SIMILARITY(MINHASH(10, s)) FROM sales  --> any  -- rejected: MINHASH
SELECT HLL_ESTIMATE(HLL_ACCUMULATE(s)) FROM sales  --> (3)
SELECT HASH_AGG(n) FROM sales                      --> any  -- rejected: HASH_AGG
SELECT BITMAP_COUNT(BITMAP_CONSTRUCT_AGG(n)) FROM sales  --> any  -- rejected: BITMAP_CO
-- Groups of groups
SELECT g, GROUPING(g), SUM(n) FROM sales GROUP BY ROLLUP (g) ORDER BY GROUPING(g), g  --> (1, 0, 50), (2, 0, 12), (3, 0, NULL), (NULL, 1, 62)
SELECT g, b, GROUPING_ID(g, b), COUNT(*) FROM sales WHERE g = 2 GROUP BY CUBE (g, b) ORDER BY 3  --> (2, FALSE, 0, 2), (2, NULL, 1, 2), (NULL, FALSE, 2, 2), (NULL, NULL, 3, 2)
SELECT g, b, COUNT(*) FROM sales WHERE g = 2 GROUP BY GROUPING SETS ((g), (b)) ORDER BY 1 NULLS LAST  --> (2, NULL, 2), (NULL, FALSE, 2)
SELECT g, SUM(n) AS total FROM sales GROUP BY ALL ORDER BY g  --> (1, 50), (2, 12), (3, NULL)
SELECT g AS grp, COUNT(*) FROM sales GROUP BY grp ORDER BY grp  --> (1, 4), (2, 2), (3, 1)
SELECT g, COUNT(*) FROM sales GROUP BY 1 ORDER BY 2 DESC  --> (1, 4), (2, 2), (3, 1)
SELECT g, COUNT(*) AS c FROM sales GROUP BY g HAVING c > 1 ORDER BY g  --> (1, 4), (2, 2)
SELECT MAX(n) AS n FROM sales GROUP BY g HAVING MAX(n) > 10  --> (20)
SELECT APPROX_TOP_K(x, 2) FROM (SELECT 'b' AS x UNION ALL SELECT 'a' UNION ALL SELECT 'c' UNION ALL SELECT 'c')  --> ([["c", 2], ["a", 1]])
