-- The affected profiles that become supernodes: the number of the profile, and its anchor.
SELECT affected.__profile AS node, anchors.anchor_id_type AS id_type, anchors.anchor_id AS id
FROM affected_main_ids AS affected
JOIN resolving_anchors AS anchors ON anchors.main_id = affected.main_id
WHERE NOT affected.is_whole
