-- The links of deleted evidence that no other day has.
SELECT __left, __right, __source FROM deleted_evidence WHERE __left <> __right
EXCEPT
SELECT __left, __right, __source
FROM evidence_after
WHERE __left <> __right AND __left IN (SELECT __left FROM deleted_evidence WHERE __left <> __right)
