-- The rows of new and changed members: of re-solved profiles, and of profiles that were merged into another one.
SELECT * FROM (
  SELECT
    id AS other_id,
    id_type AS other_id_type,
    valid_at,
    first_seen_at,
    CAST(component AS BIGINT) AS __profile,
    CAST(node AS BIGINT) AS __node
  FROM solved
  EXCEPT
  SELECT other_id, other_id_type, valid_at, first_seen_at, __profile, __node FROM affected_members
) AS changed
UNION ALL
SELECT
  members.other_id, members.other_id_type, lost.valid_at, members.first_seen_at, lost.profile AS __profile,
  members.__node
FROM members
JOIN lost_profiles AS lost ON members.__profile = lost.__profile
