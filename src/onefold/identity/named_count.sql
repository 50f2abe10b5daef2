-- The number of profiles with a main id, and of distinct main ids.
SELECT COUNT(*) AS profiles, COUNT(DISTINCT main_id) AS main_ids FROM named
