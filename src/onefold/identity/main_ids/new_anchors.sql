-- The new anchor of each main id in use that lost its anchor: of its remaining ids the one that was seen first; of
-- several, the one with the smallest generated id. A migrated main id gets its first anchor here.
WITH seen AS (
  SELECT members.main_id, members.node, members.id, members.id_type, members.component, members.first_seen_at
  FROM found_anchors AS found
  JOIN members_now AS members ON found.main_id = members.main_id
  WHERE found.was_main_id = found.main_id AND (found.node IS NULL OR found.since_seq_no IS NULL)
),
firsts AS (
  SELECT main_id, MIN(first_seen_at) AS first_at FROM seen GROUP BY main_id
),
candidates AS (
  SELECT
    seen.main_id,
    seen.node,
    seen.id,
    seen.id_type,
    seen.component,
    seen.first_seen_at,
    generated_id(seen.id, seen.id_type) AS generated_id
  FROM seen
  JOIN firsts ON seen.main_id = firsts.main_id
  WHERE firsts.first_at IS NULL OR seen.first_seen_at = firsts.first_at
),
ranked AS (
  SELECT
    main_id, node, id, id_type, component, first_seen_at,
    ROW_NUMBER() OVER (PARTITION BY main_id ORDER BY generated_id) AS rank_no
  FROM candidates
)
SELECT main_id, node, id, id_type, component, first_seen_at FROM ranked WHERE rank_no = 1
