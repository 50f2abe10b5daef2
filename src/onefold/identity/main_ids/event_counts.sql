-- How many events there are of each kind.
SELECT event, COUNT(*) AS events FROM events GROUP BY event
