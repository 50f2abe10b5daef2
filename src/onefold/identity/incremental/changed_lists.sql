-- The ids that filters list now and did not before, or the other way.
SELECT * FROM (
  SELECT list_number, id_type, id FROM lists EXCEPT SELECT list_number, id_type, id FROM lists_now
) AS gone
UNION
SELECT * FROM (
  SELECT list_number, id_type, id FROM lists_now EXCEPT SELECT list_number, id_type, id FROM lists
) AS added
