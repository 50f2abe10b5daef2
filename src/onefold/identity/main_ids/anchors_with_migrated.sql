-- The published anchors and the migrated ones. A migrated main id that was already published is ignored.
SELECT main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no FROM published_anchors
UNION ALL
SELECT
  migrated.main_id, migrated.current_main_id, migrated.anchor_id, migrated.anchor_id_type, migrated.since_seq_no
FROM migrated
LEFT JOIN published_anchors AS known ON migrated.main_id = known.main_id
WHERE known.main_id IS NULL
