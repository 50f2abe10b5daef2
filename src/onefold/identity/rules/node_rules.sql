-- One row per id with a rule of its own, or in an included pair.
WITH named AS (
  SELECT type_a AS id_type, id_a AS id, action, reason FROM rules WHERE id_b IS NULL
  UNION ALL
  SELECT type_a AS id_type, id_a AS id, action, reason FROM rules WHERE id_b IS NOT NULL AND action = 'INCLUDE'
  UNION ALL
  SELECT type_b AS id_type, id_b AS id, action, reason FROM rules WHERE id_b IS NOT NULL AND action = 'INCLUDE'
)
SELECT id_type, id, MIN(action) AS action, MIN(reason) AS reason FROM named GROUP BY id_type, id
