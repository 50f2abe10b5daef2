-- Which data files were they read from, and what were these like?
SELECT __source, file, state, read_until FROM files
