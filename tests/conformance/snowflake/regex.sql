-- REGEXP_LIKE matches the whole text
REGEXP_LIKE({'abc'}, 'b')                          --> FALSE
REGEXP_LIKE({'abc'}, {'a.*'})                      --> TRUE
REGEXP_LIKE({'abc'}, 'a|abc')                      --> TRUE
REGEXP_LIKE({'ABC'}, 'abc')                        --> FALSE
REGEXP_LIKE({'ABC'}, 'abc', 'i')                   --> TRUE
REGEXP_LIKE({'a\nb'}, 'a.b')                       --> FALSE
REGEXP_LIKE({'a\nb'}, 'a.b', 's')                  --> TRUE
REGEXP_LIKE({NULL}, 'a')                           --> NULL
REGEXP_LIKE({'a'}, {NULL})                         --> NULL
RLIKE({'800-456-7891'}, '[2-9]\\d{2}-\\d{3}-\\d{4}')  --> TRUE
RLIKE({'ABC'}, 'abc', 'i')                         --> TRUE
{'Sacramento'} RLIKE 'San.*'                       --> FALSE
{'San Jose'} RLIKE {'San.*'}                       --> TRUE
{'San Jose'} NOT RLIKE 'San.*'                     --> FALSE
{'San Jose'} REGEXP 'San'                          --> FALSE
{'San Jose'} REGEXP 'San\\b.*'                     --> TRUE
{'a1'} RLIKE $$[a-z]\d$$                           --> TRUE
REGEXP_LIKE({'abc'}, '[[:alpha:]]+')               --> TRUE
REGEXP_LIKE({'ab1'}, '[[:alpha:]]+')               --> FALSE
-- REGEXP_SUBSTR
REGEXP_SUBSTR({'hello world'}, 'o')                --> 'o'
REGEXP_SUBSTR({'hello'}, 'x')                      --> NULL
REGEXP_SUBSTR({'order 1234 of'}, {'[0-9]+'})       --> '1234'
REGEXP_SUBSTR({'It was the best of times, it was the worst of times.'}, 'the\\W+\\w+')  --> 'the best'
REGEXP_SUBSTR({'It was the best of times, it was the worst of times.'}, 'the\\W+\\w+', 1, 2)  --> 'the worst'
REGEXP_SUBSTR({'It was the best of times, it was the worst of times.'}, 'the\\W+\\w+', 1, 3)  --> NULL
REGEXP_SUBSTR({'It was the best of times, it was the worst of times.'}, 'the\\W+(\\w+)', 1, 1, 'e', 1)  --> 'best'
REGEXP_SUBSTR({'It was the best of times, it was the worst of times.'}, 'the\\W+(\\w+)', 1, 2, 'e', 1)  --> 'worst'
REGEXP_SUBSTR({'It was the best of times, it was the worst of times.'}, 'the\\W+(\\w+)', 1, 3, 'e', 1)  --> NULL
REGEXP_SUBSTR({'the best'}, 'the\\W+(\\w+)', 1, 1, 'e')  --> 'best'
REGEXP_SUBSTR({'the best'}, 'the\\W+\\w+', 1, 1, 'e')  --> 'the best'
REGEXP_SUBSTR({'A MAN A PLAN A CANAL'}, 'A\\W+(\\w+)', 1, 2, 'e', 1)  --> 'PLAN'
REGEXP_SUBSTR({'A MAN A PLAN A CANAL'}, 'A\\W+(\\w)(\\w)(\\w)', 1, 1, 'e', 3)  --> 'N'
REGEXP_SUBSTR({'ABC'}, 'b', 1, 1, 'i')             --> 'B'
REGEXP_SUBSTR({'ABC'}, 'b')                        --> NULL
REGEXP_SUBSTR({'xay1a2'}, 'a\\d?', 3)              --> 'a2'
REGEXP_SUBSTR({'xay1a2'}, {'a\\d?'}, {3}, {1})     --> 'a2'
REGEXP_SUBSTR({'a\nb'}, '^b', 1, 1, 'm')           --> 'b'
REGEXP_SUBSTR({'a\nb'}, '^b')                      --> NULL
REGEXP_SUBSTR({'abc123'}, $$\d+$$)                 --> '123'
REGEXP_SUBSTR({'abc'}, 'x*')                       --> ''
REGEXP_SUBSTR({NULL}, 'a')                         --> NULL
REGEXP_SUBSTR({'user@shop.example'}, '@(.+)$', 1, 1, 'e')  --> 'shop.example'
REGEXP_SUBSTR({'äöü1'}, '\\d')                     --> '1'
-- A group that has no part in the match is empty; without s, no match goes over the end of a line
REGEXP_SUBSTR({'ab'}, 'a(x)?b', 1, 1, 'e')         --> ''
REGEXP_SUBSTR({'ab'}, 'a(x*)b', 1, 1, 'e', 1)      --> ''
REGEXP_SUBSTR({'ab'}, 'c(x)?b', 1, 1, 'e')         --> NULL
REGEXP_SUBSTR({'a\nb'}, 'a.b')                     --> NULL
REGEXP_SUBSTR({'a\nb'}, 'a.b', 1, 1, 's')          --> 'a\nb'
REGEXP_SUBSTR({'AB'}, {'b'}, 1, 1, 'ic')           --> NULL
REGEXP_SUBSTR({'AB'}, {'b'}, 1, 1, 'ci')           --> 'B'
REGEXP_COUNT({'a\na'}, '^a', 1, 'm')               --> 2
REGEXP_REPLACE({'a\na'}, '^a', 'x', 1, 0, 'm')     --> 'x\nx'
REGEXP_REPLACE({'a.b'}, '.', 'x')                  --> 'xxx'
REGEXP_REPLACE({'a\nb'}, '.', 'x')                 --> 'x\nx'
REGEXP_REPLACE({'banana'}, 'an', '', 1, 2)         --> 'bana'
-- REGEXP_SUBSTR_ALL
REGEXP_SUBSTR_ALL({'a1_a2a3_a4A5a6'}, 'a[[:digit:]]')  --> ["a1", "a2", "a3", "a4", "a6"]
REGEXP_SUBSTR_ALL({'a1_a2a3_a4A5a6'}, 'a[[:digit:]]', 2)  --> ["a2", "a3", "a4", "a6"]
REGEXP_SUBSTR_ALL({'a1_a2a3_a4A5a6'}, 'a[[:digit:]]', 1, 3)  --> ["a3", "a4", "a6"]
REGEXP_SUBSTR_ALL({'a1_a2a3_a4A5a6'}, 'a[[:digit:]]', 1, 1, 'i')  --> ["a1", "a2", "a3", "a4", "A5", "a6"]
REGEXP_SUBSTR_ALL({'a1_a2a3_a4A5a6'}, '(a)([[:digit:]])', 1, 1, 'ie')  --> ["a", "a", "a", "a", "A", "a"]
REGEXP_SUBSTR_ALL({'a1_a2'}, '(a)([[:digit:]])', 1, 1, 'e', 2)  --> ["1", "2"]
REGEXP_SUBSTR_ALL({'a1_a2a3_a4A5a6'}, 'b')         --> []
-- REGEXP_INSTR
REGEXP_INSTR({'nevermore1, nevermore2, nevermore3.'}, 'nevermore\\d')  --> 1
REGEXP_INSTR({'nevermore1, nevermore2, nevermore3.'}, 'nevermore\\d', 5)  --> 13
REGEXP_INSTR({'nevermore1, nevermore2, nevermore3.'}, 'nevermore\\d', 1, 3)  --> 25
REGEXP_INSTR({'nevermore1, nevermore2, nevermore3.'}, 'nevermore\\d', 1, 4)  --> 0
REGEXP_INSTR({'nevermore1, nevermore2, nevermore3.'}, 'nevermore\\d', 1, 1, 1)  --> 11
REGEXP_INSTR({'It was the best of times, it was the worst of times'}, 'the\\W+\\w+', 1, 2)  --> 34
REGEXP_INSTR({'It was the best of times'}, 'the\\W+(\\w+)', 1, 1, 0, 'e')  --> 12
REGEXP_INSTR({'abc'}, 'x')                         --> 0
REGEXP_INSTR({'ABC'}, 'b', 1, 1, 0, 'i')           --> 2
REGEXP_INSTR({NULL}, 'a')                          --> NULL
-- REGEXP_COUNT
REGEXP_COUNT({'It was the best of times, it was the worst of times'}, '\\bwas\\b', 1)  --> 2
REGEXP_COUNT({'banana'}, 'an')                     --> 2
REGEXP_COUNT({'banana'}, {'an'}, 3)                --> 1
REGEXP_COUNT({'BaNaNa'}, 'a', 1, 'i')              --> 3
REGEXP_COUNT({'BANANA'}, 'a', 1, 'i')              --> 3
REGEXP_COUNT({'abc'}, 'x')                         --> 0
REGEXP_COUNT({NULL}, 'x')                          --> NULL
-- REGEXP_REPLACE: every match, or the one of the fifth argument
REGEXP_REPLACE({'It was the best of times'}, '( ){1,}', '')  --> 'Itwasthebestoftimes'
REGEXP_REPLACE({'a1b22'}, '\\d')                   --> 'ab'
REGEXP_REPLACE({'a1b22'}, {'\\d+'}, {'#'})         --> 'a#b#'
REGEXP_REPLACE({'firstname middlename lastname'}, '(.*) (.*) (.*)', '\\3, \\1 \\2')  --> 'lastname, firstname middlename'
REGEXP_REPLACE({'It was the best of times, it was the worst of times'}, 'times', 'days', 1, 2)  --> 'It was the best of times, it was the worst of days'
REGEXP_REPLACE({'aaaa'}, 'a', 'b', 1, 1)           --> 'baaa'
REGEXP_REPLACE({'aaaa'}, 'a', 'b', 1, 0)           --> 'bbbb'
REGEXP_REPLACE({'aaaa'}, 'a', 'b', 1, 3)           --> 'aaba'
REGEXP_REPLACE({'aaaa'}, 'a', 'b', 1, 9)           --> 'aaaa'
REGEXP_REPLACE({'aaaa'}, 'a', 'b', 3)              --> 'aabb'
REGEXP_REPLACE({'a1b2c3'}, '([a-z])(\\d)', '\\2\\1', 1, 2)  --> 'a12bc3'
REGEXP_REPLACE({'a1b2c3'}, '[a-z]\\d', 'x', 2, 1)  --> 'a1xc3'
REGEXP_REPLACE({'AbA'}, 'a', 'x', 1, 0, 'i')       --> 'xbx'
REGEXP_REPLACE({'AbA'}, 'a', 'x', 1, 2, 'i')       --> 'Abx'
REGEXP_REPLACE({'AbA'}, 'a', 'x')                  --> 'AbA'
REGEXP_REPLACE({'+49 (30) 123-45'}, '[^0-9]', '')  --> '493012345'
REGEXP_REPLACE({'aab'}, '^a', 'x')                 --> 'xab'
REGEXP_REPLACE({'abc'}, 'x', 'y')                  --> 'abc'
REGEXP_REPLACE({NULL}, 'x', 'y')                   --> NULL
REGEXP_REPLACE({'abc'}, 'b', {NULL})               --> NULL
-- Patterns that no engine of this kind reads
REGEXP_LIKE({'ab'}, 'a(?=b).*')                    --> error
REGEXP_LIKE({'a'}, '(')                            --> error
REGEXP_INSTR({'no match'}, 'the\\W+(\\w+)', 1, 1, 0, 'e')           --> 0
REGEXP_INSTR({'a1 b2'}, '([a-z])(\\d)', 1, 2, 0, 'e')               --> 4
REGEXP_INSTR({'12'}, '(\\d+)', 1, 2, 0, 'e')                         --> 0
REGEXP_INSTR({'12 34'}, '(\\d+)', 1, 2, 0, 'e')                      --> 4
REGEXP_INSTR({'aaaa'}, 'a+(a)', 1, 2, 0, 'e')                        --> 0
REGEXP_INSTR({'x=1;y=22;'}, '\\w=(\\d+)', 1, 2, 0, 'e')              --> 7
REGEXP_INSTR({NULL}, '(a)', 1, 2, 0, 'e')                            --> NULL
