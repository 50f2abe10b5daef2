-- The node of the anchor of every inherited main id; null if it is not in the data.
SELECT
  anchors.main_id,
  anchors.current_main_id AS was_main_id,
  anchors.anchor_id,
  anchors.anchor_id_type,
  anchors.since_seq_no,
  graph.node,
  graph.component,
  graph.first_seen_at
FROM anchors_before AS anchors
LEFT JOIN graph ON anchors.anchor_id = graph.id AND anchors.anchor_id_type = graph.id_type
