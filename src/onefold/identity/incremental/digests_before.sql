-- The row count and digest of each edge source and day in the previous run.
SELECT __source, __day, row_count, digest FROM digests
