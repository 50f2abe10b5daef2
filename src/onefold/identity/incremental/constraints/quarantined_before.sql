-- The previously excluded pairs of counted ids.
SELECT
  kept.rule, kept.id1, kept.id1_type, kept.id2, kept.id2_type, kept.__source, kept.__day, kept.row_count,
  kept.first_seen_at, kept.sample_key, kept.found, kept.allowed, kept.reason
FROM quarantined AS kept
WHERE kept.id2 IS NOT NULL
  AND (
    EXISTS(
      SELECT 1 FROM counted_ids AS counted WHERE kept.id1 = counted.id AND kept.id1_type = counted.id_type
    )
    OR EXISTS(
      SELECT 1 FROM counted_ids AS counted WHERE kept.id2 = counted.id AND kept.id2_type = counted.id_type
    )
  )
