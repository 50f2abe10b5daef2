-- A path is the text itself wherever a function wants a text
SPLIT_PART({PARSE_JSON('"a@b"')}, '@', 2)          --> 'b'
STRTOK({PARSE_JSON('"a@b"')}, '@', 1)              --> 'a'
UPPER({PARSE_JSON('"ab"')})                        --> 'AB'
LENGTH({PARSE_JSON('{"a": "xy"}')}:a)              --> 2
SUBSTR({PARSE_JSON('{"a": "xyz"}')}:a, 2)          --> 'yz'
LEFT({PARSE_JSON('{"a": "xyz"}')}:a, 1)            --> 'x'
REPLACE({PARSE_JSON('{"a": "xyz"}')}:a, 'y', '')   --> 'xz'
TRANSLATE({PARSE_JSON('{"a": "xyz"}')}:a, 'y', 'Y')  --> 'xYz'
INSERT({PARSE_JSON('{"a": "xyz"}')}:a, 1, 1, 'Z')  --> 'Zyz'
REPEAT({PARSE_JSON('{"a": "x"}')}:a, 2)            --> 'xx'
LPAD({PARSE_JSON('{"a": "7"}')}:a, 3, '0')         --> '007'
ASCII({PARSE_JSON('{"a": "b"}')}:a)                --> 98
UNICODE({PARSE_JSON('{"a": "b"}')}:a)              --> 98
OCTET_LENGTH({PARSE_JSON('{"a": "ñ"}')}:a)         --> 2
EDITDISTANCE({PARSE_JSON('{"a": "ab"}')}:a, 'ac')  --> 1
JAROWINKLER_SIMILARITY({PARSE_JSON('{"a": "ab"}')}:a, 'AB')  --> 100
PARSE_URL({PARSE_JSON('{"url": "https://shop.example/x?u=1"}')}:url):host::string  --> 'shop.example'
PARSE_URL({PARSE_JSON('{"url": "https://shop.example/x?u=1"}')}:url):parameters:u::string  --> '1'
REGEXP_REPLACE({PARSE_JSON('{"a": "+49 1"}')}:a, '[^0-9]', '')  --> '491'
REGEXP_REPLACE({PARSE_JSON('{"a": "aa"}')}:a, 'a', 'b', 1, 2)  --> 'ab'
REGEXP_SUBSTR({PARSE_JSON('{"a": "k=v"}')}:a, '=(.*)', 1, 1, 'e')  --> 'v'
REGEXP_SUBSTR_ALL({PARSE_JSON('{"a": "1 2"}')}:a, '\\d')  --> ["1", "2"]
REGEXP_INSTR({PARSE_JSON('{"a": "x1"}')}:a, '\\d') --> 2
REGEXP_COUNT({PARSE_JSON('{"a": "x"}')}:a, '"')    --> 0
REGEXP_LIKE({PARSE_JSON('{"a": "x1"}')}:a, '[a-z]\\d')  --> TRUE
SHA1({PARSE_JSON('{"a": "Snowflake"}')}:a)         --> 'fda76b0bcc1e87cf259b1d1e3271d76f590fb5dd'
MD5({PARSE_JSON('{"a": "Snowflake"}')}:a)          --> 'edf1439075a83a447fb8b630ddc9c8de'
SHA2({PARSE_JSON('{"a": "Snowflake"}')}:a)         --> '1dbd59f661d68b90724f21084396b865497173e4d2714f4d91cf05fa5fc5e18d'
MD5_NUMBER_LOWER64({PARSE_JSON('{"a": "Snowflake"}')}:a)  --> 9203306159527282910
BASE64_ENCODE({PARSE_JSON('{"a": "Snowflake"}')}:a)  --> 'U25vd2ZsYWtl'
TRY_BASE64_DECODE_STRING({PARSE_JSON('{"a": "U25vd2ZsYWtl"}')}:a)  --> 'Snowflake'
BASE64_DECODE_STRING({PARSE_JSON('{"a": "U25vd2ZsYWtl"}')}:a)  --> 'Snowflake'
HEX_ENCODE({PARSE_JSON('{"a": "SNOW"}')}:a)        --> '534E4F57'
HEX_DECODE_STRING({PARSE_JSON('{"a": "534E4F57"}')}:a)  --> 'SNOW'
TO_NUMBER({PARSE_JSON('{"a": "1,234.5"}')}:a::string, '9,999.9', 5, 1)  --> 1234.5
TO_NUMBER({PARSE_JSON('{"a": "1234.5"}')}:a, 5, 1) --> 1234.5
CONCAT_WS('-', {PARSE_JSON('{"a": "x"}')}:a, 'y')  --> 'x-y'
CHARINDEX('y', {PARSE_JSON('{"a": "xy"}')}:a)      --> 2
{PARSE_JSON('{"a": "xy"}')}:a LIKE 'x%'            --> TRUE
{PARSE_JSON('{"a": "xy"}')}:a ILIKE ANY ('X%', 'z%')  --> TRUE
INITCAP({PARSE_JSON('{"a": "ann lee"}')}:a)        --> 'Ann Lee'
