"""Questions to a published id graph: why ids share a profile, what holds it together, what would change it."""
