"""Plan and engine -> tables, views, SQL files, a log and a result. The only package that changes a warehouse."""
