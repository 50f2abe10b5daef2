-- Every main id ever published and the current one that it resolves to; null if it was retired.
SELECT main_id, current_main_id, since_seq_no FROM anchors
