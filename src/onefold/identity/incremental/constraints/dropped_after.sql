-- The pairs that are dropped now.
SELECT * FROM (
  SELECT left_node, right_node FROM dropped EXCEPT SELECT left_node, right_node FROM deleted_dropped
) AS remaining
UNION
SELECT left_node, right_node FROM inserted_dropped
