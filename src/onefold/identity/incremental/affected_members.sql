-- The members of every profile that is re-solved by all its ids.
SELECT other_id, other_id_type, valid_at, first_seen_at, __profile, __node
FROM members
WHERE __profile IN (SELECT __profile FROM affected_profiles WHERE is_whole)
