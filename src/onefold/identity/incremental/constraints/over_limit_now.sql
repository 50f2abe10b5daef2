-- The ids over a limit: counted ids as found now, other ids as before.
SELECT CAST(limit_number AS INT) AS limit_number, CAST(node AS BIGINT) AS node, CAST(neighbours AS BIGINT) AS neighbours
FROM found_over_limit
WHERE node IN (SELECT node FROM counted)
UNION ALL
SELECT limit_number, node, neighbours FROM over_limit WHERE NOT node IN (SELECT node FROM counted)
