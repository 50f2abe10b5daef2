-- What did the profiles that were solved again hold before, and how many links were inserted and deleted?
SELECT was.ids, was.profiles, deleted.links AS deleted, inserted.links AS inserted
FROM (SELECT COUNT(*) AS ids, COUNT(DISTINCT __profile) AS profiles FROM affected_members) AS was
CROSS JOIN (SELECT COUNT(*) AS links FROM deleted_links) AS deleted
CROSS JOIN (SELECT COUNT(*) AS links FROM inserted_links) AS inserted
