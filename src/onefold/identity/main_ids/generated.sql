-- The generated id of each component, that of its earliest id.
SELECT component, node, id, id_type, generated_id AS main_id FROM earliest
