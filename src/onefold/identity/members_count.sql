-- How many ids were written, and in how many profiles?
SELECT COUNT(*) AS ids, COUNT(DISTINCT __profile) AS profiles FROM members_after
