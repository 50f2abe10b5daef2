"""Plan steps -> sqlglot expressions, one file per model kind. Runs nothing."""
