-- How many ids of each profile are in another one now?
SELECT members.main_id AS from_main_id, named.main_id AS to_main_id, CAST(SUM(members.ids) AS BIGINT) AS ids
FROM members_now AS members
JOIN named ON members.component = named.component
WHERE members.main_id <> named.main_id
GROUP BY members.main_id, named.main_id
