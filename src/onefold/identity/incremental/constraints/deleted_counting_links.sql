-- The deleted links with edge constraints: pairs of ids and edge source.
SELECT __left, __right, __source FROM links_before WHERE __left <> __right
EXCEPT
SELECT __left, __right, __source FROM links_now WHERE __left <> __right
