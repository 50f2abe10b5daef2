"""The command `pb`: one verb per file, each thin. Only ``console`` prints."""
