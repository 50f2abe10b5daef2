-- The number of events by kind.
SELECT event, COUNT(*) AS events FROM events GROUP BY event
