-- The pairs that were dropped.
SELECT left_node, right_node FROM dropped
