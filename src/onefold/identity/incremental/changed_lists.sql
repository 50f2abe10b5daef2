-- The ids that were added to or removed from the lists of filters.
SELECT * FROM (
  SELECT list_number, id_type, id FROM lists EXCEPT SELECT list_number, id_type, id FROM lists_now
) AS gone
UNION
SELECT * FROM (
  SELECT list_number, id_type, id FROM lists_now EXCEPT SELECT list_number, id_type, id FROM lists
) AS added
