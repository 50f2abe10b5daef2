MD5({'Snowflake'})                                 --> 'edf1439075a83a447fb8b630ddc9c8de'
MD5_HEX({'Snowflake'})                             --> 'edf1439075a83a447fb8b630ddc9c8de'
MD5({''})                                          --> 'd41d8cd98f00b204e9800998ecf8427e'
MD5({NULL})                                        --> NULL
MD5_NUMBER_LOWER64({'Snowflake'})                  --> 9203306159527282910
MD5_NUMBER_UPPER64({'Snowflake'})                  --> 17145559544104499780
MD5_BINARY({'Snowflake'})                          --> X'edf1439075a83a447fb8b630ddc9c8de'
SHA1({'Snowflake'})                                --> 'fda76b0bcc1e87cf259b1d1e3271d76f590fb5dd'
SHA1_HEX({'Snowflake'})                            --> 'fda76b0bcc1e87cf259b1d1e3271d76f590fb5dd'
SHA1({'jürgen@shop.example'})                      --> '72190e1f0ab639335f497b1f7ea3dc9cb01d7a6e'
SHA1({''})                                         --> 'da39a3ee5e6b4b0d3255bfef95601890afd80709'
SHA1_BINARY({'Snowflake'})                         --> X'fda76b0bcc1e87cf259b1d1e3271d76f590fb5dd'
SHA1(LOWER(TRIM({' A@Shop.Example '}))) = SHA1('a@shop.example')  --> TRUE
SHA2({'Snowflake'})                                --> '1dbd59f661d68b90724f21084396b865497173e4d2714f4d91cf05fa5fc5e18d'
SHA2({'Snowflake'}, 256)                           --> '1dbd59f661d68b90724f21084396b865497173e4d2714f4d91cf05fa5fc5e18d'
SHA2_HEX({'Snowflake'}, 0)                         --> '1dbd59f661d68b90724f21084396b865497173e4d2714f4d91cf05fa5fc5e18d'
SHA2_BINARY({'Snowflake'}, 256)                    --> X'1dbd59f661d68b90724f21084396b865497173e4d2714f4d91cf05fa5fc5e18d'
SHA2({'Snowflake'}, 224)                           --> '6267d3d7a59929e6864dd4b737d98e3ef8569d9f88a7466647838532'  -- rejected: SHA2
SHA2({'Snowflake'}, 512)                           --> any  -- rejected: SHA2
HASH({'Snowflake'})                                --> any  -- rejected: HASH
-- Encodings
HEX_ENCODE({'SNOW'})                               --> '534E4F57'
HEX_ENCODE({'JOKER'}, 0)                           --> '4a4f4b4552'
HEX_ENCODE({'JOKER'}, 1)                           --> '4A4F4B4552'
HEX_DECODE_STRING({'534E4F57'})                    --> 'SNOW'
HEX_DECODE_STRING({'534e4f57'})                    --> 'SNOW'
HEX_DECODE_STRING({'5'})                           --> error
TRY_HEX_DECODE_STRING({'534E4F57'})                --> 'SNOW'
TRY_HEX_DECODE_STRING({'5'})                       --> NULL
TRY_HEX_DECODE_STRING({'zz'})                      --> NULL
HEX_DECODE_BINARY({'534E'})                        --> X'534e'
BASE64_ENCODE({'Snowflake'})                       --> 'U25vd2ZsYWtl'
BASE64_ENCODE({'ü'})                               --> 'w7w='
BASE64_ENCODE({NULL})                              --> NULL
BASE64_ENCODE({'Snowflake'}, 5)                    --> 'U25vd\n2ZsYW\ntl'
BASE64_ENCODE(SHA1_BINARY({'a'}))                  --> 'hvfkN/qlp/zhXR3cuerq6jd2Z7g='
BASE64_DECODE_STRING({'U25vd2ZsYWtl'})             --> 'Snowflake'
BASE64_DECODE_STRING({'w7w='})                     --> 'ü'
BASE64_DECODE_STRING({'a$b'})                      --> error
TRY_BASE64_DECODE_STRING({'U25vd2ZsYWtl'})         --> 'Snowflake'
TRY_BASE64_DECODE_STRING({'a$b'})                  --> NULL
TRY_BASE64_DECODE_STRING({NULL})                   --> NULL
BASE64_DECODE_BINARY({'U25v'})                     --> X'536e6f'
TO_BINARY({'534E'}, 'HEX')                         --> X'534e'
TO_BINARY({'U25v'}, 'BASE64')                      --> X'536e6f'
TO_BINARY({'SN'}, 'UTF-8')                         --> X'534e'
TRY_TO_BINARY({'zz'}, 'HEX')                       --> NULL
-- Secrets and compression are not part of a project
ENCRYPT({'a'}, 'key')                              --> any  -- rejected: ENCRYPT
COMPRESS({'a'}, 'SNAPPY')                          --> any  -- rejected: COMPRESS
