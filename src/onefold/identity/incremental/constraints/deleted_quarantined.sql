-- The pairs that edge constraints no longer exclude.
SELECT
  rule, id1, id1_type, id2, id2_type, __source, __day, row_count, first_seen_at, sample_key, found, allowed, reason
FROM quarantined_before
EXCEPT
SELECT
  rule, id1, id1_type, id2, id2_type, __source, __day, row_count, first_seen_at, sample_key, found, allowed, reason
FROM quarantined_now
