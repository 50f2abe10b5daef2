-- The largest number that an id of the graph ever had.
SELECT MAX(__node) AS node FROM every_member
