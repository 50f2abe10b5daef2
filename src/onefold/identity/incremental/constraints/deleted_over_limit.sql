-- The ids that had too many neighbours, or another number of them.
SELECT limit_number, node, neighbours FROM over_limit
EXCEPT
SELECT limit_number, node, neighbours FROM over_limit_now
