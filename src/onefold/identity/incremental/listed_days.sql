-- The edge sources and days with an id whose filter lists changed.
WITH changed AS (
  SELECT DISTINCT id_type, id FROM changed_lists
),
nodes AS (
  SELECT members.__node AS node
  FROM members
  JOIN changed ON members.other_id = changed.id AND members.other_id_type = changed.id_type
)
SELECT __source, __day
FROM evidence
WHERE __source >= 0 AND (__left IN (SELECT node FROM nodes) OR __right IN (SELECT node FROM nodes))
UNION
SELECT excluded.__source, excluded.__day
FROM quarantined AS excluded
JOIN changed ON excluded.id1 = changed.id AND excluded.id1_type = changed.id_type
WHERE excluded.id2 IS NULL
