-- The profiles that no longer have their main id.
SELECT __profile, main_id FROM affected_main_ids
EXCEPT
SELECT CAST(numbers.profile AS BIGINT) AS __profile, named.main_id
FROM named
JOIN profile_numbers AS numbers ON named.component = numbers.component
