-- What did the profiles that were solved again hold before, and how many links were inserted and deleted?
SELECT was.ids, was.profiles, gone.links AS deleted, came.links AS inserted
FROM (SELECT COUNT(*) AS ids, COUNT(DISTINCT __profile) AS profiles FROM affected_members) AS was
CROSS JOIN (SELECT COUNT(*) AS links FROM deleted_links) AS gone
CROSS JOIN (SELECT COUNT(*) AS links FROM inserted_links) AS came
