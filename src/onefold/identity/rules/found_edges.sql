-- The distinct edges of the evidence, with the time each was first seen.
SELECT left_node, right_node, MIN(seen_at) AS seen_at FROM found GROUP BY left_node, right_node
