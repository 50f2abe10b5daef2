-- The links that are newly effective.
SELECT __left, __right, __source, __day, first_seen_at FROM links_now
EXCEPT
SELECT __left, __right, __source, __day, first_seen_at FROM links_before
