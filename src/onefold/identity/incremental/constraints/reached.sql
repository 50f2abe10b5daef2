-- The ids with inserted or deleted evidence, or with a newly dropped or no longer dropped pair.
SELECT __left AS node FROM inserted_evidence
UNION
SELECT __right AS node FROM inserted_evidence
UNION
SELECT __left AS node FROM deleted_evidence
UNION
SELECT __right AS node FROM deleted_evidence
UNION
SELECT left_node AS node FROM inserted_dropped
UNION
SELECT right_node AS node FROM inserted_dropped
UNION
SELECT left_node AS node FROM deleted_dropped
UNION
SELECT right_node AS node FROM deleted_dropped
