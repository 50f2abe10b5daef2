-- The number of ids that moved from one profile to another.
SELECT members.main_id AS from_main_id, named.main_id AS to_main_id, CAST(SUM(members.ids) AS BIGINT) AS ids
FROM members_now AS members
JOIN named ON members.component = named.component
WHERE members.main_id <> named.main_id
GROUP BY members.main_id, named.main_id
