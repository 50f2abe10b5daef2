-- The main id of each component without inherited main ids, and the node of its anchor.
SELECT component, main_id, node AS anchor FROM created
