SUBSTRING({'hello'::text}, 0, 3)                              --> 'he'
SUBSTRING({'hello'::text} FROM 2 FOR 3)                       --> 'ell'
SUBSTR({'hello'::text}, -1, 4)                                --> 'he'
SUBSTRING({'foo123'::text} FROM '[0-9]+')                     --> '123'
SUBSTRING({'foo123'::text} FROM 'o([0-9])')                   --> '1'
SUBSTRING({'foo'::text} FROM '[0-9]+')                        --> NULL
LEFT({'hello'::text}, -2)                                     --> 'hel'
RIGHT({'hello'::text}, -2)                                    --> 'llo'
LEFT({'hello'::text}, 2)                                      --> 'he'
POSITION('l' IN {'hello'::text})                              --> 3
STRPOS({'hello'::text}, 'lo')                                 --> 4
SPLIT_PART({'a.b.c'::text}, '.', 2)                           --> 'b'
SPLIT_PART({'a.b.c'::text}, '.', -1)                          --> 'c'
SPLIT_PART({'a.b.c'::text}, '.', 9)                           --> ''
CONCAT({'a'::text}, {NULL::text}, {1})                        --> 'a1'
CONCAT_WS('-', {'a'::text}, {NULL::text}, {'b'::text})        --> 'a-b'
{'a'::text} || {NULL::text}                                   --> NULL
{'a'::text} || {1}                                            --> 'a1'
LPAD({'abc'::text}, 6, 'xy')                                  --> 'xyxabc'
LPAD({'abcdef'::text}, 3)                                     --> 'abc'
RPAD({'abc'::text}, 5)                                        --> 'abc  '
REPEAT({'ab'::text}, 3)                                       --> 'ababab'
REPLACE({'aba'::text}, 'a', 'x')                              --> 'xbx'
REVERSE({'abc'::text})                                        --> 'cba'
INITCAP({'hello wORLD-foo'::text})                            --> 'Hello World-Foo'
TRIM({'  a '::text})                                          --> 'a'
BTRIM({'xxaxx'::text}, 'x')                                   --> 'a'
TRIM(BOTH 'x' FROM {'xxaxx'::text})                           --> 'a'
LTRIM({'xyxa'::text}, 'xy')                                   --> 'a'
TRIM({E'\ta '::text})                                         --> '\ta'
LENGTH({'héllo'::text})                                       --> 5
OCTET_LENGTH({'é'::text})                                     --> 2
CHAR_LENGTH({'abc'::text})                                    --> 3
ASCII({'a'::text})                                            --> 97
CHR({65})                                                     --> 'A'
TRANSLATE({'abc'::text}, 'abc', 'x')                          --> 'x'
MD5({'a'::text})                                              --> '0cc175b9c0f1b6a831c399e269772661'
ENCODE(SHA256({'a'::bytea}), 'hex')                           --> 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
ENCODE({'abc'::bytea}, 'base64')                              --> 'YWJj'
STARTS_WITH({'abc'::text}, 'ab')                              --> TRUE
{'abc'::text} LIKE 'A%'                                       --> FALSE
{'abc'::text} ILIKE 'A%'                                      --> TRUE
{'a_b'::text} LIKE 'a\_b'                                     --> TRUE
{'axb'::text} LIKE 'a\_b'                                     --> FALSE
{'50%'::text} LIKE '50x%' ESCAPE 'x'                          --> TRUE
{'abc'::text} ~ '^a.c$'                                       --> TRUE
{'ABC'::text} ~ 'b'                                           --> FALSE
{'ABC'::text} ~* 'b'                                          --> TRUE
{'ABC'::text} !~ 'b'                                          --> TRUE
{'ABC'::text} !~* 'b'                                         --> FALSE
{'abc'::text} SIMILAR TO '(a|x)%'                             --> TRUE
REGEXP_REPLACE({'a1b2'::text}, '[0-9]', 'x')                  --> 'axb2'
REGEXP_REPLACE({'a1b2'::text}, '[0-9]', 'x', 'g')             --> 'axbx'
REGEXP_REPLACE({'aAbB'::text}, '[a]', 'x', 'gi')              --> 'xxbB'
REGEXP_REPLACE({'foo bar'::text}, '(\w+) (\w+)', '\2 \1')     --> 'bar foo'
REGEXP_MATCH({'foobar'::text}, 'o(b)(a)')                     --> ["b", "a"]
(REGEXP_MATCH({'foobar'::text}, 'o(b)'))[1]                   --> 'b'
(REGEXP_MATCH({'foobar'::text}, 'z'))[1]                      --> NULL
REGEXP_SUBSTR({'a1b22'::text}, '[0-9]+')                      --> '1'
REGEXP_COUNT({'a1b22'::text}, '[0-9]')                        --> 3
REGEXP_LIKE({'ABC'::text}, 'b', 'i')                          --> TRUE
REGEXP_INSTR({'a1b22'::text}, '[0-9]+')                       --> 2
REGEXP_SPLIT_TO_ARRAY({'a1b2c'::text}, '[0-9]')               --> ["a", "b", "c"]
STRING_TO_ARRAY({'a,b,c'::text}, ',')                         --> ["a", "b", "c"]
(STRING_TO_ARRAY({'a,b,c'::text}, ','))[2]                    --> 'b'
ARRAY_TO_STRING(STRING_TO_ARRAY({'a,b,c'::text}, ','), '/')   --> 'a/b/c'
FORMAT('%s-%s', {'a'::text}, {3})                             --> 'a-3'
QUOTE_LITERAL({'a'::text})                                    --> '''a'''
UPPER({'straße'::text})                                       --> 'STRAßE'
UPPER('straße')                                               --> 'STRAßE'
{'it''s'::text}                                               --> 'it''s'
E'a\'b' || {'c'::text}                                        --> 'a''bc'
$$its$$ || {'c'::text}                                        --> 'itsc'
{'a'::text} = {'A'::text}                                     --> FALSE
TO_HEX({255})                                                 --> 'ff'
OVERLAY({'abcdef'::text} PLACING 'x' FROM 2 FOR 3)            --> 'axef'
{'a'::text} < {'b'::text}                                     --> TRUE
STRPOS({NULL::text}, 'a')                                     --> NULL
LENGTH({''::text})                                            --> 0
COALESCE(NULLIF({''::text}, ''), 'none')                      --> 'none'
