-- The members of a solved graph.
SELECT
  id AS other_id, id_type AS other_id_type, valid_at, first_seen_at, component AS __profile, node AS __node
FROM solved
