-- The totals of the new version.
SELECT ids.ids, profiles.profiles, main_ids.main_ids
FROM (SELECT COUNT(*) AS ids FROM members_after) AS ids
CROSS JOIN (SELECT COUNT(*) AS profiles FROM names_after) AS profiles
CROSS JOIN (SELECT COUNT(*) AS main_ids FROM anchors_after WHERE main_id = current_main_id) AS main_ids
