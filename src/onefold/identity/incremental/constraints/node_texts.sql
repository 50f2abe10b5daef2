-- The texts of some ids, from the graph or from the rows that were read.
SELECT CAST(__node AS BIGINT) AS node, other_id_type AS id_type, other_id AS id
FROM members
WHERE __node IN (SELECT node FROM wanted)
UNION
SELECT CAST(node AS BIGINT) AS node, CAST(id_type AS TEXT) AS id_type, CAST(id AS TEXT) AS id
FROM numbered_ids
WHERE node IN (SELECT node FROM wanted)
