-- The links of inserted evidence that no day had before: pairs of ids and edge source.
SELECT __left, __right, __source FROM inserted_evidence WHERE __left <> __right
EXCEPT
SELECT __left, __right, __source
FROM evidence
WHERE __left <> __right AND __left IN (SELECT __left FROM inserted_evidence WHERE __left <> __right)
