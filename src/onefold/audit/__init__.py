"""Questions to an id graph: why ids share a profile, which ids link unrelated people, and the effect of changes."""
