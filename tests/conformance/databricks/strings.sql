SUBSTRING({'hello'}, 0, 3)                                    --> 'hel'
SUBSTR({'hello'}, -3, 2)                                      --> 'll'
SUBSTRING({'hello'}, -10, 7)                                  --> 'he'
SUBSTR({'hello'}, 2)                                          --> 'ello'
LEFT({'hello'}, 2)                                            --> 'he'
RIGHT({'hello'}, 2)                                           --> 'lo'
INSTR({'banana'}, 'an')                                       --> 2
LOCATE('an', {'banana'}, 3)                                   --> 4
POSITION('n' IN {'banana'})                                   --> 3
CHARINDEX('n', {'banana'})                                    --> 3
SPLIT({'a,b,c'}, ',')[1]                                      --> 'b'
SPLIT({'a1b2c'}, '[0-9]')                                     --> ["a", "b", "c"]
SPLIT({'a.b.c'}, '\\.', 2)                                    --> ["a", "b.c"]
SPLIT({NULL}, ',', 2)                                         --> NULL
SPLIT_PART({'a.b.c'}, '.', -1)                                --> 'c'
SUBSTRING_INDEX({'a.b.c'}, '.', 2)                            --> 'a.b'
SUBSTRING_INDEX({'a.b.c'}, '.', -1)                           --> 'c'
CONCAT({'a'}, {CAST(NULL AS STRING)})                         --> NULL
CONCAT_WS('-', {'a'}, {CAST(NULL AS STRING)}, {'b'})          --> 'a-b'
{'a'} || {CAST(NULL AS STRING)}                               --> NULL
{'a'} || {1}                                                  --> 'a1'
LPAD({'abc'}, 6, 'xy')                                        --> 'xyxabc'
LPAD({'abcdef'}, 3, 'x')                                      --> 'abc'
LPAD({'abc'}, 5)                                              --> '  abc'
RPAD({'abc'}, 5, '*')                                         --> 'abc**'
REPEAT({'ab'}, 3)                                             --> 'ababab'
REPLACE({'aba'}, 'a', 'x')                                    --> 'xbx'
REPLACE({'aba'}, 'a')                                         --> 'b'
REVERSE({'abc'})                                              --> 'cba'
INITCAP({'hello wORLD-foo'})                                  --> 'Hello World-foo'
TRIM({'  a '})                                                --> 'a'
TRIM(BOTH 'x' FROM {'xxaxx'})                                 --> 'a'
LTRIM('x', {'xxaxx'})                                         --> 'axx'
BTRIM({'xxaxx'}, 'x')                                         --> 'a'
TRIM({'\ta '})                                                --> '\ta'
LENGTH({'héllo'})                                             --> 5
CHAR_LENGTH({'é'})                                            --> 1
OCTET_LENGTH({'é'})                                           --> 2
ASCII({'a'})                                                  --> 97
CHR({65})                                                     --> 'A'
CHAR({65})                                                    --> 'A'
TRANSLATE({'abc'}, 'abc', 'xy')                               --> 'xy'
MD5({'a'})                                                    --> '0cc175b9c0f1b6a831c399e269772661'
SHA1({'a'})                                                   --> '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'
SHA2({'a'}, 256)                                              --> 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
SHA2({'a'}, 0)                                                --> 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
SHA2({'a'}, 512)                                              --> any  -- rejected: SHA2
CRC32({'a'})                                                  --> 3904355907
XXHASH64({'a'})                                               --> -8582455328737087284  -- rejected: XXHASH64
HASH({'a'})                                                   --> 1485273170  -- rejected: HASH
BASE64({'abc'})                                               --> 'YWJj'
CAST(UNBASE64({'YWJj'}) AS STRING)                            --> 'abc'
HEX({255})                                                    --> 'FF'
HEX({'abc'})                                                  --> '616263'
STARTSWITH({'abc'}, 'ab')                                     --> TRUE
ENDSWITH({'abc'}, 'bc')                                       --> TRUE
CONTAINS({'abc'}, 'b')                                        --> TRUE
{'abc'} LIKE 'A%'                                             --> FALSE
{'abc'} ILIKE 'A%'                                            --> TRUE
{'a_b'} LIKE 'a\\_b'                                          --> TRUE
{'axb'} LIKE 'a\\_b'                                          --> FALSE
{'abc'} RLIKE '^a.c$'                                         --> TRUE
{'a1'} RLIKE '\\d'                                            --> TRUE
{'a1'} RLIKE r'\d'                                            --> TRUE
REGEXP_LIKE({'abc'}, 'b')                                     --> TRUE
REGEXP({'abc'}, 'z')                                          --> FALSE
REGEXP_EXTRACT({'100-200'}, '(\\d+)-(\\d+)', 1)               --> '100'
REGEXP_EXTRACT({'100-200'}, '(\\d+)-(\\d+)')                  --> '100'
REGEXP_EXTRACT({'100-200'}, '(\\d+)-(\\d+)', 0)               --> '100-200'
REGEXP_EXTRACT({'abc'}, '(\\d+)', 1)                          --> ''
REGEXP_EXTRACT_ALL({'a1b22'}, '(\\d+)', 1)                    --> ["1", "22"]
REGEXP_REPLACE({'a1b2'}, '\\d', 'x')                          --> 'axbx'
REGEXP_REPLACE({'foo bar'}, '(\\w+) (\\w+)', '$2 $1')         --> 'bar foo'
REGEXP_SUBSTR({'a1b22'}, '\\d+')                              --> '1'
REGEXP_SUBSTR({'abc'}, '\\d+')                                --> NULL
REGEXP_COUNT({'a1b22'}, '\\d')                                --> 3
REGEXP_INSTR({'a1b22'}, '\\d+')                               --> 2
FORMAT_STRING('%05d-%s', {42}, {'a'})                         --> '00042-a'
PRINTF('%.2f', {2.5D})                                        --> '2.50'
FORMAT_NUMBER({1234567.891}, 2)                               --> '1,234,567.89'
LEVENSHTEIN({'kitten'}, {'sitting'})                          --> 3
SOUNDEX({'Robert'})                                           --> 'R163'
PARSE_URL({'https://a.example/p?q=1#f'}, 'HOST')              --> 'a.example'
PARSE_URL({'https://a.example/p?q=1#f'}, 'QUERY', 'q')        --> '1'
URL_DECODE({'a%20b'})                                         --> 'a b'
URL_ENCODE({'a b'})                                           --> 'a+b'
UPPER("it's")                                                 --> 'IT''S'
{'it\'s'}                                                     --> 'it''s'
{"a"} = 'a'                                                   --> TRUE
{'a'} <=> {CAST(NULL AS STRING)}                              --> FALSE
{CAST(NULL AS STRING)} <=> {CAST(NULL AS STRING)}             --> TRUE
ELT({2}, 'a', 'b')                                            --> 'b'
FIND_IN_SET({'b'}, 'a,b,c')                                   --> 2
OVERLAY({'abcdef'} PLACING 'x' FROM 2 FOR 3)                  --> 'axef'
SPACE({3})                                                    --> '   '
MASK({'AbC-12'})                                              --> 'XxX-nn'
-- parts of texts and addresses, masks, codes
SPLIT({'oneAtwoBthreeC'}, '[ABC]', -1)                                  --> ["one", "two", "three", ""]
SPLIT({'oneAtwoBthreeC'}, '[ABC]', 2)                                   --> ["one", "twoBthreeC"]
PARSE_URL({'http://userinfo@spark.apache.org:80/p/a?query=1#Ref'}, 'HOST')      --> 'spark.apache.org'
PARSE_URL({'http://userinfo@spark.apache.org:80/p/a?query=1#Ref'}, 'PATH')      --> '/p/a'
PARSE_URL({'http://userinfo@spark.apache.org:80/p/a?query=1#Ref'}, 'FILE')      --> '/p/a?query=1'
PARSE_URL({'http://userinfo@spark.apache.org:80/p/a?query=1#Ref'}, 'REF')       --> 'Ref'
PARSE_URL({'http://userinfo@spark.apache.org:80/p/a?query=1#Ref'}, 'PROTOCOL')  --> 'http'
PARSE_URL({'http://userinfo@spark.apache.org:80/p/a?query=1#Ref'}, 'AUTHORITY') --> 'userinfo@spark.apache.org:80'
PARSE_URL({'http://userinfo@spark.apache.org:80/p/a?query=1#Ref'}, 'USERINFO')  --> 'userinfo'
PARSE_URL({'https://a.example/p'}, 'QUERY')                             --> NULL
PARSE_URL({'https://a.example/?xq=1&q=2'}, 'QUERY', 'q')                --> '2'
PARSE_URL({'no address at all'}, 'HOST')                                --> error
MASK({'AbCD123-@$#'}, 'Q', 'q', 'd', 'o')                               --> 'QqQQdddoooo'
MASK({'AbCD123-@$#'}, NULL, 'q')                                        --> 'AqCDnnn-@$#'
SOUNDEX({'Miller'})                                                     --> 'M460'
SOUNDEX({'Ashcraft'})                                                   --> 'A261'
SOUNDEX({'42'})                                                         --> '42'
CRC32({'Spark'})                                                        --> 1557323817
