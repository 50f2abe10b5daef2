-- The ids that rules include, whether a source has them or not.
SELECT id_type, id FROM node_rules WHERE action = 'INCLUDE' ORDER BY id_type, id
