-- The profiles with a new main id.
SELECT CAST(numbers.profile AS BIGINT) AS __profile, named.main_id
FROM named
JOIN profile_numbers AS numbers ON named.component = numbers.component
EXCEPT
SELECT __profile, main_id FROM affected_main_ids
