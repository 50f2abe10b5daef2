-- The events of a first run: every main id is new.
SELECT
  'created' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(0 AS BIGINT) AS ids_moved,
  'new ids' AS cause
FROM main_ids
