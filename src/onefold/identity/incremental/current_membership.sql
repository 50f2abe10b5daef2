-- The current membership of the affected ids: profile and times.
SELECT __node, __profile, first_seen_at, valid_at
FROM members
WHERE __node IN (SELECT __node FROM affected_ids)
