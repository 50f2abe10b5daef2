-- The evidence of some ids as it was.
SELECT __left, __right, __source, __day, first_seen_at
FROM evidence
WHERE __left IN (SELECT node FROM wanted) OR __right IN (SELECT node FROM wanted)
