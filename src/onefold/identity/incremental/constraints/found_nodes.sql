-- The ids at the ends of these pairs.
SELECT left_node AS node FROM found
UNION
SELECT right_node AS node FROM found
