-- The current evidence of some ids: the previous evidence without deleted rows, and the inserted rows.
SELECT * FROM (
  SELECT __left, __right, __source, __day, row_count, first_seen_at, last_seen_at, sample_key
  FROM evidence
  WHERE __left IN (SELECT node FROM wanted) OR __right IN (SELECT node FROM wanted)
  EXCEPT
  SELECT __left, __right, __source, __day, row_count, first_seen_at, last_seen_at, sample_key FROM deleted_evidence
) AS remaining
UNION ALL
SELECT __left, __right, __source, __day, row_count, first_seen_at, last_seen_at, sample_key
FROM inserted_evidence
WHERE __left IN (SELECT node FROM wanted) OR __right IN (SELECT node FROM wanted)
