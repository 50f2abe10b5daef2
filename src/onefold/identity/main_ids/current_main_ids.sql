-- Which main id is in use where each main id so far is anchored? Null where it is anchored nowhere. One that was
-- created again, which only a reset can do, is in use itself wherever its old anchor lies.
SELECT anchored.main_id, COALESCE(created.main_id, named.main_id) AS now_main_id
FROM anchored
LEFT JOIN created ON anchored.main_id = created.main_id
LEFT JOIN named ON anchored.component = named.component
