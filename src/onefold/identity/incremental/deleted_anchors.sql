-- The main ids that do not stand as before any more.
SELECT main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no FROM affected_anchors
EXCEPT
SELECT main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no FROM anchors_of_run
