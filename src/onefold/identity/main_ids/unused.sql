-- The proposed main ids that were never published.
SELECT proposed.component, proposed.node, proposed.id, proposed.id_type, proposed.main_id
FROM proposed
LEFT JOIN published_main_ids AS published ON proposed.main_id = published.main_id
WHERE published.main_id IS NULL
