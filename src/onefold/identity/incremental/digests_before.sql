-- What did the rows of each edge source and day come to when they were read last?
SELECT __source, __day, row_count, digest FROM digests
