SUBSTRING({'hello'::varchar}, 0, 3)                 --> 'he'
SUBSTRING({'hello'::varchar}, 2, 3)                 --> 'ell'
SUBSTR({'hello'::varchar}, 2)                       --> 'ello'
LEFT({'hello'::varchar}, 2)                         --> 'he'
RIGHT({'hello'::varchar}, 2)                        --> 'lo'
CHARINDEX('l', {'hello'::varchar})                  --> 3
STRPOS({'hello'::varchar}, 'lo')                    --> 4
POSITION('z' IN {'hello'::varchar})                 --> 0
SPLIT_PART({'a.b.c'::varchar}, '.', 2)              --> 'b'
SPLIT_PART({'a.b.c'::varchar}, '.', 9)              --> ''
CONCAT({'a'::varchar}, {'b'::varchar})              --> 'ab'
CONCAT({'a'::varchar}, {NULL::varchar})             --> NULL
{'a'::varchar} || {NULL::varchar}                   --> NULL
{'a'::varchar} || {1}                               --> 'a1'
LPAD({'abc'::varchar}, 6, 'xy')                     --> 'xyxabc'
LPAD({'abcdef'::varchar}, 3)                        --> 'abc'
RPAD({'abc'::varchar}, 5, '*')                      --> 'abc**'
REPEAT({'ab'::varchar}, 3)                          --> 'ababab'
REPLICATE({'ab'::varchar}, 2)                       --> 'abab'
REPLACE({'aba'::varchar}, 'a', 'x')                 --> 'xbx'
REVERSE({'abc'::varchar})                           --> 'cba'
INITCAP({'hello wORLD-foo'::varchar})               --> 'Hello World-Foo'
TRIM({'  a '::varchar})                             --> 'a'
BTRIM({'xxaxx'::varchar}, 'x')                      --> 'a'
TRIM(BOTH 'x' FROM {'xxaxx'::varchar})              --> 'a'
LTRIM({'xyxa'::varchar}, 'xy')                      --> 'a'
LEN({'héllo'::varchar})                             --> 5
LENGTH({'abc'::varchar})                            --> 3
OCTET_LENGTH({'é'::varchar})                        --> 2
ASCII({'a'::varchar})                               --> 97
CHR({65})                                           --> 'A'
TRANSLATE({'abc'::varchar}, 'ab', 'xy')             --> 'xyc'
MD5({'a'::varchar})                                 --> '0cc175b9c0f1b6a831c399e269772661'
SHA1({'a'::varchar})                                --> '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'
FUNC_SHA1({'a'::varchar})                           --> '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'
SHA2({'a'::varchar}, 256)                           --> 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
CHECKSUM({'a'::varchar})                            --> any  -- rejected: CHECKSUM
FNV_HASH({'a'::varchar})                            --> any  -- rejected: FNV_HASH
{'abc'::varchar} LIKE 'A%'                          --> FALSE
{'abc'::varchar} ILIKE 'A%'                         --> TRUE
{'a_b'::varchar} LIKE 'a\\_b'                       --> TRUE
{'axb'::varchar} LIKE 'a\\_b'                       --> FALSE
{'50%'::varchar} LIKE '50x%' ESCAPE 'x'             --> TRUE
{'abc'::varchar} ~ '^a.c$'                          --> TRUE
{'ABC'::varchar} ~ 'b'                              --> FALSE
{'ABC'::varchar} !~ 'b'                             --> TRUE
{'abc'::varchar} SIMILAR TO '(a|x)%'                --> TRUE
REGEXP_SUBSTR({'foo@x.com'::varchar}, '@[^.]*')     --> '@x'
REGEXP_SUBSTR({'foo'::varchar}, '[0-9]+')           --> ''
REGEXP_SUBSTR({'a1b22c333'::varchar}, '[0-9]+', 1, 2)  --> '22'
REGEXP_SUBSTR({'foo@x.com'::varchar}, '@([a-z]+)', 1, 1, 'e')  --> 'x'
REGEXP_SUBSTR({'FOO'::varchar}, 'o+', 1, 1, 'i')    --> 'OO'
REGEXP_REPLACE({'a1b2'::varchar}, '[0-9]', 'x')     --> 'axbx'
REGEXP_REPLACE({'a1b2'::varchar}, '[0-9]')          --> 'ab'
REGEXP_REPLACE({'foo bar'::varchar}, '([a-z]+) ([a-z]+)', '$2 $1')  --> 'bar foo'
REGEXP_COUNT({'a1b22'::varchar}, '[0-9]')           --> 3
REGEXP_INSTR({'a1b22'::varchar}, '[0-9]+')          --> 2
REGEXP_INSTR({'abc'::varchar}, '[0-9]+')            --> 0
UPPER({'abc'::varchar})                             --> 'ABC'
QUOTE_LITERAL({'a'::varchar})                       --> '\'a\''
STRTOL({'ff'::varchar}, 16)                         --> 255
TO_HEX({255})                                       --> 'ff'
SOUNDEX({'Robert'::varchar})                        --> 'R163'
{'it''s'::varchar}                                  --> 'it\'s'
{'a'::varchar} = {'A'::varchar}                     --> FALSE
SPLIT_TO_ARRAY({'a,b,c'::varchar}, ',')             --> ["a", "b", "c"]
'it\'s' || {'c'::varchar}                           --> 'it\'sc'
CRC32({'a'::varchar})                               --> 'e8b7be43'
TEXTLEN({'abc'::varchar})                           --> 3
SOUNDEX({'AWS Amazon'::varchar})                            --> 'A252'
SOUNDEX({'+-*/%'::varchar})                                 --> ''
CRC32({''::varchar})                                        --> '00000000'
