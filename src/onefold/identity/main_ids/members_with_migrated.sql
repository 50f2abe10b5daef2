-- The members of published profiles, and of migrated profiles that were never published.
SELECT main_id, other_id, other_id_type FROM published_members
UNION ALL
SELECT migrated.main_id, migrated.other_id, migrated.other_id_type
FROM migrated
LEFT JOIN published_anchors AS known ON migrated.main_id = known.main_id
WHERE known.main_id IS NULL
