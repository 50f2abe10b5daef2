-- The anchors after a run that inherits no main id.
SELECT
  main_id,
  main_id AS current_main_id,
  id AS anchor_id,
  id_type AS anchor_id_type,
  CAST(:seq_no AS BIGINT) AS since_seq_no
FROM created
