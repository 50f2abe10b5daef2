-- The remaining effective edges of the members that are re-solved.
SELECT remaining.__left AS left_node, remaining.__right AS right_node, remaining.first_seen_at AS seen_at
FROM (
  SELECT __left, __right, __source, __day, first_seen_at
  FROM counting_links
  WHERE __left IN (SELECT node FROM wanted)
  EXCEPT
  SELECT __left, __right, __source, __day, first_seen_at FROM deleted_counting
) AS remaining
