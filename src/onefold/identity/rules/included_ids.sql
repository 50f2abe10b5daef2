-- The ids that rules want to be there, in a source or not.
SELECT id_type, id FROM node_rules WHERE action = 'INCLUDE' ORDER BY id_type, id
