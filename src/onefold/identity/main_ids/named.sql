-- The main id of each component, and the node of its anchor.
SELECT component, main_id, node AS anchor FROM kept
UNION ALL
SELECT component, main_id, node AS anchor FROM created
