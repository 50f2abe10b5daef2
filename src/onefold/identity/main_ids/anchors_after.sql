-- The anchors after this run: those of inherited main ids, and those of created main ids.
SELECT
  main_id,
  now_main_id AS current_main_id,
  anchor_id,
  anchor_id_type,
  CASE
    WHEN same(now_main_id, was_main_id) AND since_seq_no IS NOT NULL THEN since_seq_no
    ELSE CAST(:seq_no AS BIGINT)
  END AS since_seq_no
FROM resolved
UNION ALL
SELECT
  created.main_id,
  created.main_id AS current_main_id,
  created.id AS anchor_id,
  created.id_type AS anchor_id_type,
  CAST(:seq_no AS BIGINT) AS since_seq_no
FROM created
LEFT JOIN resolved ON created.main_id = resolved.main_id
WHERE resolved.main_id IS NULL
