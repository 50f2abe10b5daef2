-- The main id of each profile. Kept apart from the ids: a third of the room, and a new name touches one row.
SELECT component AS __profile, main_id FROM named
