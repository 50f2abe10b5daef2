-- The ids that have too many neighbours now, or another number of them than before.
SELECT limit_number, node, neighbours FROM over_limit_now
EXCEPT
SELECT limit_number, node, neighbours FROM over_limit
