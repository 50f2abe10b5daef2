-- The links that are no longer effective.
SELECT __left, __right, __source, __day, first_seen_at FROM links_before
EXCEPT
SELECT __left, __right, __source, __day, first_seen_at FROM links_now
