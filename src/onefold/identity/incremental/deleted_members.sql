-- The ids whose row of members changed: of re-solved profiles, and of profiles that were merged into another one.
SELECT __node FROM (
  SELECT other_id, other_id_type, valid_at, first_seen_at, __profile, __node FROM affected_members
  EXCEPT
  SELECT
    id AS other_id,
    id_type AS other_id_type,
    valid_at,
    first_seen_at,
    CAST(component AS BIGINT) AS __profile,
    CAST(node AS BIGINT) AS __node
  FROM solved
) AS changed
UNION ALL
SELECT __node FROM members WHERE __profile IN (SELECT __profile FROM lost_profiles)
