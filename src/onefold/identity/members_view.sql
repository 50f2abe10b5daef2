-- The ids of a version, with their numbers and those of their profiles.
SELECT other_id, other_id_type, valid_at, first_seen_at, __profile, __node FROM members
