"""Sources -> distinct ids and edge evidence, in the client's memory (the text strategy)."""
