"""The command line interface, ``pb``: one thin module per command. Only ``console`` prints."""
