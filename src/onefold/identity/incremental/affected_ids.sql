-- The ids at the ends of evidence that was inserted or deleted.
SELECT __left AS __node FROM inserted
UNION
SELECT __right AS __node FROM inserted
UNION
SELECT __left AS __node FROM deleted
UNION
SELECT __right AS __node FROM deleted
