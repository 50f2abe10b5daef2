-- The main ids that are not in use and whose anchor is a new id, with the number of that id.
SELECT
  anchors.main_id,
  anchors.current_main_id,
  anchors.anchor_id,
  anchors.anchor_id_type,
  anchors.since_seq_no,
  ids.node AS anchor_node
FROM anchors
JOIN new_ids AS ids ON anchors.anchor_id = ids.id AND anchors.anchor_id_type = ids.id_type
WHERE NOT same(anchors.current_main_id, anchors.main_id)
