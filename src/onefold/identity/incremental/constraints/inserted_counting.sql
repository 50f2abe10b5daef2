-- The links that count now and did not before.
SELECT __left, __right, __source, __day, first_seen_at FROM links_now
EXCEPT
SELECT __left, __right, __source, __day, first_seen_at FROM links_before
