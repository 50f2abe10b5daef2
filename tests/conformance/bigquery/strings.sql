-- positions count from 1; 0 counts as 1; negative ones count from the end
SUBSTR({'hello'}, 0, 2)                                       --> 'he'
SUBSTR({'hello'}, -3, 2)                                      --> 'll'
SUBSTR({'hello'}, -10, 3)                                     --> 'hel'
SUBSTR({'hello'}, {2})                                        --> 'ello'
SUBSTRING({'hello'}, {0}, 3)                                  --> 'hel'
LEFT({'hello'}, 2)                                            --> 'he'
RIGHT({'hello'}, 2)                                           --> 'lo'
STRPOS({'foo@example.com'}, '@')                              --> 4
INSTR({'banana'}, 'an', 3)                                    --> 4
INSTR({'banana'}, 'an', 1, 2)                                 --> 4
INSTR({'banana'}, 'an', -1)                                   --> 4
SPLIT({'a,b,c'}, ',')[OFFSET(1)]                              --> 'b'
SPLIT({'a,b'})                                                --> ["a", "b"]
SPLIT({''}, ',')                                              --> [""]
CONCAT({'a'}, {CAST(NULL AS STRING)})                         --> NULL
{'a'} || {'b'}                                                --> 'ab'
{'a'} || {CAST(NULL AS STRING)}                               --> NULL
LPAD({'abc'}, 5)                                              --> '  abc'
LPAD({'abc'}, 6, 'xy')                                        --> 'xyxabc'
LPAD({'abcdef'}, 3)                                           --> 'abc'
RPAD({'abc'}, 5, '*')                                         --> 'abc**'
REPEAT({'ab'}, 3)                                             --> 'ababab'
REPLACE({'aba'}, 'a', 'x')                                    --> 'xbx'
REPLACE({'aba'}, '', 'x')                                     --> 'aba'
REVERSE({'abc'})                                              --> 'cba'
INITCAP({'hello world-foo'})                                  --> 'Hello World-Foo'
TRIM({'  a '})                                                --> 'a'
TRIM({'\ta\n'})                                               --> 'a'
TRIM({'xxaxx'}, 'x')                                          --> 'a'
LTRIM({'xxaxx'}, 'x')                                         --> 'axx'
RTRIM({'a  '})                                                --> 'a'
STARTS_WITH({'abc'}, 'ab')                                    --> TRUE
ENDS_WITH({'abc'}, 'bc')                                      --> TRUE
CHAR_LENGTH({'é'})                                            --> 1
BYTE_LENGTH({'é'})                                            --> 2
LENGTH({'héllo'})                                             --> 5
ASCII({'abc'})                                                --> 97
CHR({65})                                                     --> 'A'
UNICODE({'é'})                                                --> 233
TO_CODE_POINTS({'ab'})                                        --> [97, 98]
CODE_POINTS_TO_STRING([65, 66])                               --> 'AB'
TRANSLATE({'abc'}, 'ab', 'xy')                                --> 'xyc'
NORMALIZE({'e\u0301'})                                        --> 'é'
NORMALIZE_AND_CASEFOLD({'The'})                               --> 'the'  -- rejected: NORMALIZE_AND_CASEFOLD
TO_HEX(MD5({'a'}))                                            --> '0cc175b9c0f1b6a831c399e269772661'
TO_HEX(SHA1({'a'}))                                           --> '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'
TO_HEX(SHA256({'a'}))                                         --> 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
TO_HEX(SHA512({'a'}))                                         --> '1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75'  -- rejected: SHA512
MD5({'a'})                                                    --> X'0cc175b9c0f1b6a831c399e269772661'
TO_BASE64(SHA256({'a'}))                                      --> 'ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='
TO_BASE64(MD5({'a'}))                                         --> 'DMF1ucDxtqgxw5niaXcmYQ=='
FROM_HEX({'6162'})                                            --> X'6162'
TO_BASE64({b'abc'})                                           --> 'YWJj'
FARM_FINGERPRINT({'a'})                                       --> -5528939962900187677  -- rejected: FARM_FINGERPRINT
SOUNDEX({'Robert'})                                           --> 'R163'
FORMAT('%05d', {42})                                          --> '00042'
FORMAT('%s-%d', {'a'}, {3})                                   --> 'a-3'
FORMAT('%.2f', {2.5})                                         --> '2.50'
FORMAT('%\'d', {1234567})                                     --> '1,234,567'
FORMAT('%t', {DATE '2026-01-31'})                             --> '2026-01-31'
{'a_b'} LIKE 'a\\_b'                                          --> TRUE
{'axb'} LIKE 'a\\_b'                                          --> FALSE
{'50%'} LIKE '%\\%'                                           --> TRUE
{'Abc'} LIKE 'a%'                                             --> FALSE
CONTAINS_SUBSTR({'Hello'}, 'ELL')                             --> TRUE
{"abc"} = 'abc'                                               --> TRUE
{'it\'s'}                                                     --> 'it''s'
CONCAT(r'\d', {"x"})                                          --> '\\dx'
UPPER('''a'b''')                                              --> 'A''B'
{'a'} = {'A'}                                                 --> FALSE
EDIT_DISTANCE({'kitten'}, 'sitting')                          --> 3
SAFE.SUBSTR({'abc'}, 1, -1)                                   --> NULL
SUBSTR({'abc'}, 1, -1)                                        --> error
GREATEST({'a'}, {'b'})                                        --> 'b'
REGEXP_CONTAINS({'foo@x.com'}, r'@[a-z]+\.com')               --> TRUE
REGEXP_CONTAINS({'ABC'}, r'(?i)b')                            --> TRUE
REGEXP_EXTRACT({'foo@x.com'}, r'^([^@]+)')                    --> 'foo'
REGEXP_EXTRACT({'foo@x.com'}, r'[a-z]+@')                     --> 'foo@'
REGEXP_EXTRACT({'foo'}, r'\d+')                               --> NULL
REGEXP_EXTRACT({'abc'}, r'(x)?b')                             --> NULL
REGEXP_EXTRACT({'a1b22c333'}, r'\d+', 1, 2)                   --> '22'
REGEXP_EXTRACT({'a1b22c333'}, r'\d+', 3)                      --> '22'
REGEXP_SUBSTR({'a1b22'}, r'b(\d+)')                           --> '22'
REGEXP_EXTRACT_ALL({'a1b22'}, r'\d+')                         --> ["1", "22"]
REGEXP_EXTRACT_ALL({'a1b22'}, r'([a-z])\d')                   --> ["a", "b"]
REGEXP_REPLACE({'abc123'}, r'(\d)', r'<\1>')                  --> 'abc<1><2><3>'
REGEXP_REPLACE({'a-b-c'}, '-', '')                            --> 'abc'
REGEXP_INSTR({'ab@cd@ef'}, '@')                               --> 3
REGEXP_INSTR({'ab@cd@ef'}, '@', 1, 2)                         --> 6
REGEXP_CONTAINS({CAST(NULL AS STRING)}, 'a')                  --> NULL
