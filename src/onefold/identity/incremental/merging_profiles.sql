-- Of each profile that meets another: how many ids it has, when its anchor was first seen, when the last of its ids
-- was connected to the anchor, and how many ids have no time. No id is connected to the anchor before it was seen.
SELECT
  __profile,
  COUNT(*) AS ids,
  MIN(valid_at) AS anchor_seen_at,
  MAX(valid_at) AS joined_at,
  COUNT(*) - COUNT(valid_at) AS untimed
FROM members
WHERE __profile IN (SELECT __profile FROM merging)
GROUP BY __profile
