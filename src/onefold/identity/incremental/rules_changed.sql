-- Whether the table of id rules changed.
SELECT COUNT(*) AS changed FROM changed_lists WHERE list_number = :rules_list
