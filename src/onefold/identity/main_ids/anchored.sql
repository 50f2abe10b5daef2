-- Every main id so far with its anchor as of this run, and the component that the anchor lies in.
SELECT
  found.main_id,
  found.was_main_id,
  found.since_seq_no,
  CASE WHEN moved.main_id IS NULL THEN found.anchor_id ELSE moved.id END AS anchor_id,
  CASE WHEN moved.main_id IS NULL THEN found.anchor_id_type ELSE moved.id_type END AS anchor_id_type,
  CASE WHEN moved.main_id IS NULL THEN found.node ELSE moved.node END AS node,
  CASE WHEN moved.main_id IS NULL THEN found.component ELSE moved.component END AS component,
  CASE WHEN moved.main_id IS NULL THEN found.first_seen_at ELSE moved.first_seen_at END AS first_seen_at,
  moved.main_id IS NOT NULL AND found.since_seq_no IS NOT NULL AS is_reanchored
FROM found_anchors AS found
LEFT JOIN new_anchors AS moved ON found.main_id = moved.main_id
