-- The pairs of ids that rules include; the smaller node is on the left.
SELECT DISTINCT LEAST(a.node, b.node) AS left_node, GREATEST(a.node, b.node) AS right_node
FROM rules
JOIN nodes AS a ON a.id_type = rules.type_a AND a.id = rules.id_a
JOIN nodes AS b ON b.id_type = rules.type_b AND b.id = rules.id_b
WHERE rules.action = 'INCLUDE'
