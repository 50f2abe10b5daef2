"""Compare the graphs and features of two runs: what changed, and which edges changed it."""
