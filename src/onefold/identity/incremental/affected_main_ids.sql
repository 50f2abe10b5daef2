-- The main ids of the affected profiles.
SELECT names.main_id, affected.__profile, affected.is_whole, affected.ids
FROM names
JOIN affected_profiles AS affected ON names.__profile = affected.__profile
