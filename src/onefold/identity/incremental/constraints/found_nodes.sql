-- The ids at the ends of the pairs that were found.
SELECT left_node AS node FROM found
UNION
SELECT right_node AS node FROM found
