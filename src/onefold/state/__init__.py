"""What is kept between runs: the registry of runs and materials, and the second record of what is published."""
