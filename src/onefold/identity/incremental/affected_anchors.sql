-- The main ids that can change: those of affected profiles, and restored ones.
SELECT main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no FROM resolving_anchors
UNION
SELECT main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no FROM restored_anchors
