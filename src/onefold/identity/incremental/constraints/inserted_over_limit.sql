-- The ids that are newly over a limit, or that have another number of neighbours.
SELECT limit_number, node, neighbours FROM over_limit_now
EXCEPT
SELECT limit_number, node, neighbours FROM over_limit
