-- The largest number of any id in any version of the graph.
SELECT MAX(__node) AS node FROM every_member
