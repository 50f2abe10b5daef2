-- The main id events of this run; no rows if nothing changed.

-- Migrated from another tool's graph.
SELECT
  'created' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(0 AS BIGINT) AS ids_moved,
  'migrated from an existing id graph' AS cause
FROM resolved
WHERE since_seq_no IS NULL

UNION ALL

-- Created, split off, or restored.
SELECT
  CASE
    WHEN fresh.was_published THEN 'restored'
    WHEN origins.from_main_id IS NOT NULL THEN 'split'
    ELSE 'created'
  END AS event,
  fresh.main_id,
  origins.from_main_id AS previous_main_id,
  CAST(COALESCE(origins.ids, 0) AS BIGINT) AS ids_moved,
  CASE
    WHEN :is_reset THEN 'main ids were reset'
    WHEN origins.from_main_id IS NOT NULL
      THEN 'links are gone: their rows were deleted, or an edge constraint excludes them'
    WHEN fresh.was_published THEN 'its anchor id is in the data again'
    ELSE 'new ids'
  END AS cause
FROM new_main_ids AS fresh
LEFT JOIN origins ON fresh.main_id = origins.main_id

UNION ALL

-- Merged: it resolves to another main id, and not only because its profile was merged there.
SELECT
  'merged' AS event,
  was.now_main_id AS main_id,
  was.main_id AS previous_main_id,
  CAST(COALESCE(moves.ids, 0) AS BIGINT) AS ids_moved,
  CASE
    WHEN :is_reset THEN 'main ids were reset'
    WHEN was.was_main_id = was.main_id THEN 'new links'
    ELSE 'its anchor id moved to that profile'
  END AS cause
FROM resolved AS was
LEFT JOIN moves ON moves.from_main_id = was.main_id AND moves.to_main_id = was.now_main_id
WHERE was.now_main_id <> was.main_id
  AND (was.was_main_id = was.main_id OR NOT same(was.follows, was.now_main_id))

UNION ALL

-- Retired: no id of its profile is in the data.
SELECT
  'retired' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(0 AS BIGINT) AS ids_moved,
  'none of its ids is in the data any more' AS cause
FROM resolved
WHERE was_main_id = main_id AND now_main_id IS NULL

UNION ALL

-- Reassigned: ids moved to another profile without a merge or a new profile.
SELECT
  'reassigned' AS event,
  moves.to_main_id AS main_id,
  moves.from_main_id AS previous_main_id,
  CAST(COALESCE(moves.ids, 0) AS BIGINT) AS ids_moved,
  'links changed' AS cause
FROM moves
JOIN resolved AS previous ON previous.main_id = moves.from_main_id
LEFT JOIN origins ON origins.main_id = moves.to_main_id AND origins.from_main_id = moves.from_main_id
WHERE NOT same(previous.now_main_id, moves.to_main_id) AND origins.main_id IS NULL

UNION ALL

-- Reanchored: the anchor is no longer in the data, and another id of the profile became the anchor.
SELECT
  'reanchored' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(0 AS BIGINT) AS ids_moved,
  'its anchor id is no longer in the data' AS cause
FROM resolved
WHERE is_reanchored
