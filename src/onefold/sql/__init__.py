"""The SQL compiler: turns plan steps into sqlglot expressions, with one file per kind of model.

``author`` parses the project's SQL, ``transpile`` translates it to the engine's dialect, ``coercion`` adds implicit
conversions, and ``dialects`` renders the result. Nothing here runs SQL.
"""
