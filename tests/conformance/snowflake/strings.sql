-- SPLIT_PART: part 0 is part 1, a negative part counts from the end, a part that is not there is empty
SPLIT_PART({'a.b.c'}, {'.'}, -1)                   --> 'c'
SPLIT_PART({'127.0.0.1'}, '.', 1)                  --> '127'
SPLIT_PART({'127.0.0.1'}, '.', 0)                  --> '127'
SPLIT_PART({'127.0.0.1'}, '.', -2)                 --> '0'
SPLIT_PART({'127.0.0.1'}, '.', 5)                  --> ''
SPLIT_PART({'127.0.0.1'}, '.', -5)                 --> ''
SPLIT_PART({'|a|b|c|'}, '|', 1)                    --> ''
SPLIT_PART({'|a|b|c|'}, '|', 2)                    --> 'a'
SPLIT_PART({'aaa--bbb-BBB--ccc'}, {'--'}, {2})     --> 'bbb-BBB'
SPLIT_PART({'aaa'}, '', 1)                         --> 'aaa'
SPLIT_PART({NULL}, '.', 1)                         --> NULL
SPLIT_PART({'someone@shop.example'}, '@', 2)       --> 'shop.example'
-- SPLIT
SPLIT({'abc'}, '')                                 --> ["abc"]
SPLIT({NULL}, ',')                                 --> NULL
SPLIT({'a,b'}, ',')[0]::string                     --> 'a'
SPLIT({'a,b'}, ',')[5]::string                     --> NULL
-- STRTOK: every sign of the delimiter separates, empty tokens do not count
STRTOK({'a b c'})                                  --> 'a'
STRTOK({'a.b.c'}, '.', 1)                          --> 'a'
STRTOK({'user@snowflake.com'}, '@.', 1)            --> 'user'
STRTOK({'user@snowflake.com'}, '@.', 2)            --> 'snowflake'
STRTOK({'user@snowflake.com'}, {'@.'}, {3})        --> 'com'
STRTOK({'user@snowflake.com'}, '@.', 4)            --> NULL
STRTOK({',,a,,b'}, ',', 2)                         --> 'b'
STRTOK({''}, '', 1)                                --> NULL
STRTOK({'a.b'}, '', 1)                             --> 'a.b'
-- SUBSTR
SUBSTR({'abcdef'}, 2, 3)                           --> 'bcd'
SUBSTRING({'abcdef'}, {3})                         --> 'cdef'
SUBSTR({'abcdef'}, -3)                             --> 'def'
SUBSTR({'abcdef'}, {-3}, {2})                      --> 'de'
SUBSTR({'abc'}, 5)                                 --> ''
SUBSTR({'abc'}, 2, 0)                              --> ''
SUBSTR({'abc'}, 2, -1)                             --> ''
SUBSTR({'abc'}, {2}, {-1})                         --> ''
SUBSTR({NULL}, 1, 1)                               --> NULL
SUBSTR({'äöü'}, 2, 1)                              --> 'ö'
MID({'abcdef'}, 2, 2)                              --> error
-- LEFT and RIGHT: a negative length gives an empty text
LEFT({'ABCDEF'}, 3)                                --> 'ABC'
LEFT({'ABC'}, {5})                                 --> 'ABC'
LEFT({'ABC'}, 0)                                   --> ''
LEFT({'ABC'}, -1)                                  --> ''
LEFT({'ABC'}, {-2})                                --> ''
RIGHT({'ABCDEFG'}, 3)                              --> 'EFG'
RIGHT({'ABC'}, 0)                                  --> ''
RIGHT({'ABC'}, {-1})                               --> ''
-- CHARINDEX, POSITION
CHARINDEX({'an'}, {'banana'})                      --> 2
CHARINDEX({'an'}, 'banana', 3)                     --> 4
CHARINDEX('an', {'banana'}, {3})                   --> 4
CHARINDEX({'an'}, 'banana', 5)                     --> 0
CHARINDEX({'x'}, {'banana'})                       --> 0
CHARINDEX({NULL}, 'banana')                        --> NULL
POSITION({'an'} IN {'banana'})                     --> 2
POSITION({'an'}, 'banana', 3)                      --> 4
POSITION({'x'}, 'banana')                          --> 0
-- INSERT
INSERT({'abcdef'}, 3, 2, 'zzz')                    --> 'abzzzef'
INSERT({'abc'}, 1, 2, {'Z'})                       --> 'Zc'
INSERT({'abc'}, 2, 1, '')                          --> 'ac'
INSERT({'abc'}, 2, 0, 'XX')                        --> 'aXXbc'
INSERT({'abc'}, 4, 0, 'Z')                         --> 'abcZ'
INSERT({'abc'}, 100, 1, 'Z')                       --> error
INSERT({NULL}, 1, 1, 'Z')                          --> NULL
-- REPLACE, TRANSLATE
REPLACE({'down'}, 'down', 'up')                    --> 'up'
REPLACE({'Vacation in Athens'}, {'Athens'}, {'Rome'})  --> 'Vacation in Rome'
REPLACE({'abcd'}, 'bc')                            --> 'ad'
REPLACE({'aAa'}, 'a', 'x')                         --> 'xAx'
REPLACE({NULL}, 'a', 'b')                          --> NULL
REPLACE({'abc'}, 'b', NULL)                        --> NULL
TRANSLATE({'peña'}, {'ñ'}, {'n'})                  --> 'pena'
TRANSLATE({'❄a❄bX❄dB❄'}, 'X❄', 'cB')               --> 'BaBbcBdBB'
TRANSLATE({'(555) 123-4567'}, '() -', '')          --> '5551234567'
-- LPAD, RPAD: without a third argument with blanks; what is too long is cut
LPAD({'123'}, 5, '0')                              --> '00123'
LPAD({'123.50'}, {8}, {'*_'})                      --> '*_123.50'
LPAD({'x'}, 3)                                     --> '  x'
LPAD({'abcdef'}, 3, '*')                           --> 'abc'
LPAD({'abc'}, -1, '*')                             --> ''
LPAD({NULL}, 3, '*')                               --> NULL
RPAD({'123'}, 5, '0')                              --> '12300'
RPAD({'Hi'}, 7, '$%')                              --> 'Hi$%$%$'
RPAD({'x'}, 3)                                     --> 'x  '
RPAD({'abcdef'}, 2, '*')                           --> 'ab'
-- TRIM: blanks, or the signs of the second argument in any order
TRIM({'  a b  '})                                  --> 'a b'
LENGTH(TRIM({'\ta '}))                             --> 2
TRIM({'❄-❄ABC-❄-'}, '❄-')                          --> 'ABC'
LTRIM({'#000000123'}, '0#')                        --> '123'
RTRIM({'$125.00'}, '0.')                           --> '$125'
LTRIM({'  a '})                                    --> 'a '
RTRIM({' a  '})                                    --> ' a'
TRIM({NULL})                                       --> NULL
TRIM({'xxaxx'}, {NULL})                            --> NULL
-- Case
UPPER({'äbc'})                                     --> 'ÄBC'
LOWER({'ÄBC'})                                     --> 'äbc'
INITCAP({'the quick brown fox'})                   --> 'The Quick Brown Fox'
INITCAP({'THE QUICK'})                             --> 'The Quick'
INITCAP({'this is the new Frame+Thing'})           --> 'This Is The New Frame+Thing'
INITCAP({'anne-marie o''brien'})                   --> 'Anne-Marie O''brien'
INITCAP({'iqamqinterested'}, 'q')                  --> 'IqAmqInterested'
INITCAP({'the sky is blue'}, '')                   --> 'The sky is blue'
INITCAP({NULL})                                    --> NULL
-- Lengths
LENGTH({'joyeux'})                                 --> 6
LENGTH({''})                                       --> 0
LEN({'你好'})                                      --> 2
LENGTH({'a '})                                     --> 2
LENGTH({NULL})                                     --> NULL
OCTET_LENGTH({'abc'})                              --> 3
OCTET_LENGTH({'ñ'})                                --> 2
BIT_LENGTH({'abc'})                                --> 24
RTRIMMED_LENGTH({' ABC '})                         --> 4
-- Concatenation
CONCAT({'a'}, {'b'}, {'c'})                        --> 'abc'
CONCAT({'a'}, {NULL})                              --> NULL
CONCAT({'a'})                                      --> 'a'
{'a'} || {NULL}                                    --> NULL
{'a'} || 'b' || {'c'}                              --> 'abc'
CONCAT_WS('-', {'a'}, {'b'})                       --> 'a-b'
CONCAT_WS('-', {'a'}, {NULL}, {'b'})               --> NULL
CONCAT_WS(',', {'one'})                            --> 'one'
CONCAT_WS(',', {''}, {'b'})                        --> ',b'
CONCAT_WS({NULL}, 'a', 'b')                        --> NULL
REPEAT({'xy'}, {3})                                --> 'xyxyxy'
REPEAT({'xy'}, 0)                                  --> ''
SPACE({3})                                         --> '   '
REVERSE({'Hello, world!'})                         --> '!dlrow ,olleH'
-- Code points
CHR({83})                                          --> 'S'
CHAR({33})                                         --> '!'
CHR({10052})                                       --> '❄'
CHR({-1})                                          --> error
ASCII({'!'})                                       --> 33
ASCII({'bat'})                                     --> 98
ASCII({''})                                        --> 0
ASCII({NULL})                                      --> NULL
UNICODE({'a'})                                     --> 97
UNICODE({'❄'})                                     --> 10052
UNICODE({''})                                      --> 0
-- CONTAINS and its kin
CONTAINS({'coffee'}, {'ff'})                       --> TRUE
CONTAINS({'coffee'}, 'FF')                         --> FALSE
CONTAINS({NULL}, 'a')                              --> NULL
CONTAINS({'a%b'}, '%')                             --> TRUE
STARTSWITH({'coffee'}, {'co'})                     --> TRUE
STARTSWITH({'coffee'}, 'ff')                       --> FALSE
STARTSWITH({NULL}, 'a')                            --> NULL
ENDSWITH({'coffee'}, {'ee'})                       --> TRUE
ENDSWITH({'coffee'}, NULL)                         --> NULL
-- LIKE
{'John  Dddoe'} LIKE 'Jo%oe'                       --> TRUE
{'Joe'} LIKE 'joe%'                                --> FALSE
{'abc'} LIKE 'b'                                   --> FALSE
{'abc'} LIKE {'_b_'}                               --> TRUE
{'Joe'} LIKE {NULL}                                --> NULL
{NULL} LIKE 'a%'                                   --> NULL
{'Joe'} NOT LIKE 'J%'                              --> FALSE
{'100%'} LIKE '100^%' ESCAPE '^'                   --> TRUE
{'1005'} LIKE '100^%' ESCAPE '^'                   --> FALSE
{'a_b'} LIKE 'a\\_b' ESCAPE '\\'                   --> TRUE
{'axb'} LIKE 'a\\_b' ESCAPE '\\'                   --> FALSE
{'a_b'} LIKE 'a\\_b'                               --> FALSE
{'a\nb'} LIKE 'a%b'                                --> TRUE
LIKE({'abc'}, 'a%')                                --> TRUE
LIKE({'a%c'}, 'a^%c', '^')                         --> TRUE
{'JOHN'} ILIKE 'j%N'                               --> TRUE
{'JOHN'} NOT ILIKE 'j%'                            --> FALSE
{'A_b'} ILIKE 'a^_B' ESCAPE '^'                    --> TRUE
{'Axb'} ILIKE 'a^_B' ESCAPE '^'                    --> FALSE
ILIKE({'ABC'}, 'a%')                               --> TRUE
{'John Dddoe'} LIKE ANY ('%Jo%oe%', 'T%e')         --> TRUE
{'Tom'} LIKE ANY ('%Jo%oe%', 'T%e')                --> FALSE
{'Tom'} NOT LIKE ANY ('%Jo%oe%', 'T%e')            --> TRUE
{'John Dddoe'} LIKE ALL ('%Jo%oe%', 'J%e')         --> TRUE
{'Joe'} LIKE ALL ('%Jo%oe%', 'J%e')                --> FALSE
{'john dddoe'} ILIKE ANY ('%JO%OE%', 'T%E')        --> TRUE
{'100%'} LIKE ANY ('10^%', '100^%') ESCAPE '^'     --> TRUE
{NULL} LIKE ANY ('a', 'b')                         --> NULL
-- Distances
EDITDISTANCE({'Gute nacht'}, {'Ich weis nicht'})   --> 8
EDITDISTANCE({'Snowflake'}, 'Oracle')              --> 7
EDITDISTANCE({'Ich weiß nicht'}, 'Ich weiss nicht')  --> 2
EDITDISTANCE({''}, {''})                           --> 0
EDITDISTANCE({NULL}, 'a')                          --> NULL
EDITDISTANCE({'future'}, {'past'}, 2)              --> 2
JAROWINKLER_SIMILARITY({'Snowflake'}, {'Oracle'})  --> 61
JAROWINKLER_SIMILARITY({'Gute nacht'}, 'Ich weis nicht')  --> 56
JAROWINKLER_SIMILARITY({'ABC'}, {'abc'})           --> 100
JAROWINKLER_SIMILARITY({''}, {''})                 --> 0
JAROWINKLER_SIMILARITY({'Ich weiß nicht'}, 'Ich wei? nicht')  --> 98
JAROWINKLER_SIMILARITY({'Ich weiß nicht'}, 'Ich weiss nicht')  --> 97
-- Sounds, collations
SOUNDEX({'Marks'})                                 --> 'M620'
SOUNDEX({'Robert'})                                --> 'R163'
COLLATE({'a'}, 'en-ci') = 'A'                      --> TRUE
{'a'} COLLATE 'en-ci' = 'A'                        --> TRUE
-- PARSE_URL
PARSE_URL({'https://www.snowflake.com/'})          --> {"fragment": null, "host": "www.snowflake.com", "parameters": null, "path": "", "port": null, "query": null, "scheme": "https"}
PARSE_URL({'http://USER:PASS@EXAMPLE.INT:4345/HELLO.PHP?USER=1'})  --> {"fragment": null, "host": "USER:PASS@EXAMPLE.INT", "parameters": {"USER": "1"}, "path": "HELLO.PHP", "port": "4345", "query": "USER=1", "scheme": "http"}
PARSE_URL({'mailto:abc@xyz.com'})                  --> {"fragment": null, "host": null, "parameters": null, "path": "abc@xyz.com", "port": null, "query": null, "scheme": "mailto"}
PARSE_URL({'https://shop.example/a/b?x=1&y=2#top'}):path::string  --> 'a/b'
PARSE_URL({'https://shop.example/a?x=1&y=2#top'}):fragment::string  --> 'top'
PARSE_URL({'https://shop.example/a?x=1&y=2#top'}):query::string  --> 'x=1&y=2'
PARSE_URL({'https://shop.example/a?utm_source=mail&y=2'}):parameters:utm_source::string  --> 'mail'
PARSE_URL({'https://shop.example/a?x=1'}):parameters:nope::string  --> NULL
PARSE_URL({'https://shop.example/a?x=1'})['host']::string  --> 'shop.example'
PARSE_URL({'https://shop.example:8443/'}):port::string  --> '8443'
PARSE_URL({'not a url'})                           --> error
PARSE_URL({'not a url'}, 1):error IS NOT NULL      --> TRUE
PARSE_URL({NULL})                                  --> NULL
-- Random ids
LENGTH(UUID_STRING())                              --> 36
UUID_STRING() = UUID_STRING()                      --> FALSE
UUID_STRING('fe971b24-9572-4005-b22f-351e9c09274d', {'foo'})  --> 'dc0b6f65-fca6-5b4b-9d37-ccc3fde1f3e2'
LENGTH(RANDSTR(5, RANDOM()))                       --> 5
PARSE_IP({'10.0.0.1'}, 'inet'):host::string        --> '10.0.0.1'  -- rejected: PARSE_IP
-- codes, names and collations
SOUNDEX({'Pfister'})                                   --> 'P236'
SOUNDEX({'Ashcraft'})                                  --> 'A261'
{'a'} COLLATE 'en-ci' <> {'B'}                         --> TRUE
{'é'} COLLATE 'en-ci' = {'É'}                          --> TRUE   -- fails: letters beyond ASCII are not compared
{'a'} COLLATE 'en-ci' < 'B'                            --> TRUE
{'B'} COLLATE 'en-ci' > {'a 1'}                        --> TRUE
UUID_STRING('fe971b24-9572-4005-b22f-351e9c09274d', {NULL})  --> NULL
