-- The effective links of evidence. A dropped pair only contributes each of its ids alone.
WITH marked AS (
  SELECT seen.__left, seen.__right, seen.__source, seen.__day, seen.first_seen_at, gone.left_node
  FROM seen_evidence AS seen
  LEFT JOIN dropped_pairs AS gone
    ON gone.left_node = LEAST(seen.__left, seen.__right)
    AND gone.right_node = GREATEST(seen.__left, seen.__right)
    AND seen.__left <> seen.__right
)
SELECT __left, __right, __source, __day, first_seen_at FROM marked WHERE left_node IS NULL
UNION
SELECT __left, __left AS __right, __source, __day, first_seen_at FROM marked WHERE left_node IS NOT NULL
UNION
SELECT __right AS __left, __right, __source, __day, first_seen_at FROM marked WHERE left_node IS NOT NULL
