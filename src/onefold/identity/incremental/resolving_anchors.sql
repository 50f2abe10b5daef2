-- The main ids of affected profiles, and all main ids that resolve to them.
SELECT anchors.main_id, anchors.current_main_id, anchors.anchor_id, anchors.anchor_id_type, anchors.since_seq_no
FROM anchors
JOIN affected_main_ids AS affected ON anchors.current_main_id = affected.main_id
