-- The evidence of one table that changes connections or their times. Evidence in both tables with the same first time
-- changes neither, although the rows of its day changed.
SELECT here.__left AS left_node, here.__right AS right_node, here.first_seen_at AS seen_at
FROM evidence_here AS here
WHERE NOT EXISTS(
  SELECT 1 FROM evidence_there AS there
  WHERE here.__left = there.__left
    AND here.__right = there.__right
    AND here.__source = there.__source
    AND same(here.__day, there.__day)
    AND same(here.first_seen_at, there.first_seen_at)
)
