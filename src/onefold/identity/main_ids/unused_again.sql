-- The proposed main ids that were never published, nor created in this run.
SELECT proposed.component, proposed.node, proposed.id, proposed.id_type, proposed.main_id
FROM proposed
LEFT JOIN published_main_ids AS published ON proposed.main_id = published.main_id
LEFT JOIN created ON proposed.main_id = created.main_id
WHERE published.main_id IS NULL AND created.main_id IS NULL
