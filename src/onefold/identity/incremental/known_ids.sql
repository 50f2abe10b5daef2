-- Per id that was read: its number in the run, and its number in the graph if it has one.
SELECT ids.node, CAST(MIN(members.__node) AS BIGINT) AS known
FROM ids_read AS ids
LEFT JOIN every_member AS members ON members.other_id = ids.id AND members.other_id_type = ids.id_type
GROUP BY ids.node
