"""The planner: turns a loaded project into a ``Plan``, a set of steps with their dependencies in running order.

Templates are rendered here. No database is opened and no SQL is parsed.
"""
