-- The rows of new and changed anchors.
SELECT main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no FROM anchors_of_run
EXCEPT
SELECT main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no FROM affected_anchors
