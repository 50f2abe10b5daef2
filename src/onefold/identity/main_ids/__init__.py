"""Main ids: assigned once, then inherited from run to run (ADR 15)."""
