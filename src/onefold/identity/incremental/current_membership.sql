-- Those of them that are in the graph: their profile and times.
SELECT __node, __profile, first_seen_at, valid_at
FROM members
WHERE __node IN (SELECT __node FROM affected_ids)
