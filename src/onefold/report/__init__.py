"""One page about a published id graph, for people who decide over it: the answers of the audit, charts, pictures."""
