-- The main ids in use that were not in use before.
SELECT created.main_id, FALSE AS was_published
FROM created
LEFT JOIN resolved ON created.main_id = resolved.main_id
WHERE resolved.main_id IS NULL
UNION ALL
SELECT main_id, TRUE AS was_published
FROM resolved
WHERE now_main_id = main_id AND NOT same(was_main_id, main_id)
