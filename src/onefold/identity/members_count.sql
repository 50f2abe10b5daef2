-- The number of written ids and profiles.
SELECT COUNT(*) AS ids, COUNT(DISTINCT __profile) AS profiles FROM members_after
