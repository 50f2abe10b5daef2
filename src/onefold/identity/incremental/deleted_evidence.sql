-- The deleted evidence of the changed days.
SELECT __left, __right, __source, __day, row_count, first_seen_at, last_seen_at, sample_key
FROM evidence
WHERE EXISTS(
  SELECT 1 FROM changed_days AS changed
  WHERE changed.__source = evidence.__source AND same(changed.__day, evidence.__day)
)
EXCEPT
SELECT __left, __right, __source, __day, row_count, first_seen_at, last_seen_at, sample_key FROM new_evidence
