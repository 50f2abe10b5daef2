-- The main id in use in the component of each inherited main id's anchor; null if its anchor is not in the data. A main
-- id that was created again, which only a reset can do, is in use itself, wherever its old anchor is.
SELECT anchored.main_id, COALESCE(created.main_id, named.main_id) AS now_main_id
FROM anchored
LEFT JOIN created ON anchored.main_id = created.main_id
LEFT JOIN named ON anchored.component = named.component
