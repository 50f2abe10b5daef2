-- The remaining edges of the members that are re-solved.
SELECT remaining.__left AS left_node, remaining.__right AS right_node, remaining.first_seen_at AS seen_at
FROM (
  SELECT __left, __right, __source, __day, row_count, first_seen_at, last_seen_at, sample_key
  FROM evidence
  WHERE __left IN (SELECT __node FROM affected_members)
  EXCEPT
  SELECT
    here.__left, here.__right, here.__source, here.__day, here.row_count, here.first_seen_at, here.last_seen_at,
    here.sample_key
  FROM deleted_evidence AS here
  WHERE NOT EXISTS(
    SELECT 1 FROM inserted_evidence AS there
    WHERE here.__left = there.__left
      AND here.__right = there.__right
      AND here.__source = there.__source
      AND same(here.__day, there.__day)
      AND same(here.first_seen_at, there.first_seen_at)
  )
) AS remaining
