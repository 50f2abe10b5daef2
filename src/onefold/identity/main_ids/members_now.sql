-- The ids of published profiles that are in the data, with their components: one row per id.
SELECT
  members.main_id,
  graph.node,
  graph.id,
  graph.id_type,
  graph.component,
  graph.first_seen_at,
  1 AS ids
FROM members_before AS members
JOIN graph ON members.other_id = graph.id AND members.other_id_type = graph.id_type
