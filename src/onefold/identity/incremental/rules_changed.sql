-- Is the table of id rules another one than before?
SELECT COUNT(*) AS changed FROM changed_lists WHERE list_number = :rules_list
