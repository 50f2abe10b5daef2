-- The evidence in one table that changes who belongs to whom since when. Evidence of a day that has other rows than
-- before, and the same first one, is in the other table too and changes nothing of that.
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
