-- The current pairs of counted ids in edge sources.
SELECT
  __left AS left_node, __right AS right_node, __source, row_count, first_seen_at AS seen_at, sample_key
FROM evidence_now
WHERE __left <> __right AND __source >= 0
