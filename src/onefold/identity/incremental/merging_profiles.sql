-- Per merging profile: its number of ids, when its anchor was first seen, when its last id was connected to the anchor,
-- and its number of ids without a time. No id is connected to the anchor before it was seen.
SELECT
  __profile,
  COUNT(*) AS ids,
  MIN(valid_at) AS anchor_seen_at,
  MAX(valid_at) AS joined_at,
  COUNT(*) - COUNT(valid_at) AS untimed
FROM members
WHERE __profile IN (SELECT __profile FROM merging)
GROUP BY __profile
