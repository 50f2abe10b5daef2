-- Every main id ever published, and the one that is current now; null if nothing is left of it.
SELECT main_id, current_main_id, since_seq_no FROM anchors
