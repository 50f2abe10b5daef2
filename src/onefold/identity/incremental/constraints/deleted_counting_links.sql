-- The links that are gone where edge constraints decide.
SELECT __left, __right, __source FROM links_before WHERE __left <> __right
EXCEPT
SELECT __left, __right, __source FROM links_now WHERE __left <> __right
