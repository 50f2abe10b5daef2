-- How many profiles were named, and how many different names do they have?
SELECT COUNT(*) AS profiles, COUNT(DISTINCT main_id) AS main_ids FROM named
