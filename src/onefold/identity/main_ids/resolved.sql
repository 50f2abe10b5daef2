-- What each inherited main id resolves to. One whose anchor is not in the data follows the profile that it was in.
SELECT
  anchored.main_id,
  anchored.was_main_id,
  anchored.since_seq_no,
  anchored.is_reanchored,
  COALESCE(created.id, anchored.anchor_id) AS anchor_id,
  COALESCE(created.id_type, anchored.anchor_id_type) AS anchor_id_type,
  COALESCE(own.now_main_id, followed.now_main_id) AS now_main_id,
  followed.now_main_id AS follows
FROM anchored
JOIN current_main_ids AS own ON anchored.main_id = own.main_id
LEFT JOIN current_main_ids AS followed ON followed.main_id = anchored.was_main_id
LEFT JOIN created ON anchored.main_id = created.main_id
