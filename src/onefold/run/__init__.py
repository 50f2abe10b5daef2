"""Runs of a project: check the plan against the warehouse, build the models, publish them.

Takes a plan and an engine. Returns a result, and leaves tables, views, SQL files and a log. Also holds the other
commands that open the warehouse, such as `pb query`, `pb cleanup` and `pb migrate_ids`. No other package changes it.
"""
