-- The next proposed main id of each component whose last one was used before: generated from "<id>#2", "<id>#3" ...
SELECT
  component, node, id, id_type,
  generated_id(id || ('#' || CAST(attempt + 1 AS TEXT)), id_type) AS main_id,
  attempt + 1 AS attempt
FROM clashing
