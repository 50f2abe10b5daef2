-- The previous totals of the re-solved profiles, and the number of inserted and deleted links.
SELECT was.ids, was.profiles, deleted.links AS deleted, inserted.links AS inserted
FROM (SELECT COUNT(*) AS ids, COUNT(DISTINCT __profile) AS profiles FROM affected_members) AS was
CROSS JOIN (SELECT COUNT(*) AS links FROM deleted_links) AS deleted
CROSS JOIN (SELECT COUNT(*) AS links FROM inserted_links) AS inserted
