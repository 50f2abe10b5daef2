-- The pairs of counted ids that are newly dropped.
SELECT CAST(left_node AS BIGINT) AS left_node, CAST(right_node AS BIGINT) AS right_node FROM dropped_now
EXCEPT
SELECT left_node, right_node
FROM dropped
WHERE left_node IN (SELECT node FROM counted) OR right_node IN (SELECT node FROM counted)
