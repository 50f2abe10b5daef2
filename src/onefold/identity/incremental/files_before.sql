-- The data files of the previous run and their states.
SELECT __source, file, state, read_until FROM files
