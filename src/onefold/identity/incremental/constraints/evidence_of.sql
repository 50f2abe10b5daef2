-- The previous evidence of some ids.
SELECT __left, __right, __source, __day, first_seen_at
FROM evidence
WHERE __left IN (SELECT node FROM wanted) OR __right IN (SELECT node FROM wanted)
