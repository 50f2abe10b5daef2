-- The main id of each component where none is inherited, and the node of its anchor.
SELECT component, main_id, node AS anchor FROM created
