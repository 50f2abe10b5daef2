-- The components that still have no main id.
SELECT proposed.component, proposed.node, proposed.id, proposed.id_type, proposed.main_id, proposed.attempt
FROM proposed
LEFT JOIN created ON proposed.component = created.component
WHERE created.component IS NULL
