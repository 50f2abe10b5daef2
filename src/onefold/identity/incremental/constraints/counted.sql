-- The ids with an inserted, deleted or changed pair, whose neighbours are counted again.
SELECT __left AS node FROM inserted_evidence WHERE __left <> __right
UNION
SELECT __right AS node FROM inserted_evidence WHERE __left <> __right
UNION
SELECT __left AS node FROM deleted_evidence WHERE __left <> __right
UNION
SELECT __right AS node FROM deleted_evidence WHERE __left <> __right
