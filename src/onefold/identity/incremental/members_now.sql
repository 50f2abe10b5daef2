-- The current nodes of the ids of affected profiles: one row per id, or one row per supernode.
SELECT was.main_id, graph.node, graph.id, graph.id_type, graph.component, graph.first_seen_at, was.ids
FROM (
  SELECT affected.main_id, members.__node AS node, CAST(1 AS BIGINT) AS ids
  FROM affected_members AS members
  JOIN affected_main_ids AS affected ON members.__profile = affected.__profile
  UNION ALL
  SELECT main_id, __profile AS node, ids FROM affected_main_ids WHERE NOT is_whole
) AS was
JOIN graph ON was.node = graph.node
