-- The ids that are no longer over a limit, or that had another number of neighbours.
SELECT limit_number, node, neighbours FROM over_limit
EXCEPT
SELECT limit_number, node, neighbours FROM over_limit_now
