-- The main id of each profile. Stored apart from the ids: it takes a third of the space, and a rename changes one row.
SELECT component AS __profile, main_id FROM named
