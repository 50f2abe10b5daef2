-- The ids of the re-solve scope: members and new ids, ordered by number.
SELECT node, id_type, id
FROM (
  SELECT __node AS node, other_id_type AS id_type, other_id AS id FROM affected_members
  UNION ALL
  SELECT node, id_type, id FROM new_ids
) AS ids
ORDER BY node
