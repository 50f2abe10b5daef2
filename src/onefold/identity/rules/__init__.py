"""Which ids and edges count: id filters, edge constraints, the table of id rules."""
