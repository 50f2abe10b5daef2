CREATE TABLE raw AS SELECT * FROM (VALUES ('5', '01/05/2026', 'yes', 101.0::DOUBLE), ('7.5', '2026-01-31 10:00:00', 'no', 0.5::DOUBLE), (NULL, NULL, NULL, NULL)) v(amount, seen, flag, score);

-- text to number
{'5'}::int                                        --> 5
{'1.5'}::int                                      --> 2
{'2.5'}::int                                      --> 3
{'-2.5'}::int                                     --> -3
{' 12 '}::int                                     --> 12
{'1e3'}::number                                   --> 1000
{'+7'}::number                                    --> 7
{'.5'}::number(10, 2)                             --> 0.5
{'1.'}::number(10, 2)                             --> 1
{'12.345'}::number(10, 2)                         --> 12.35
{'abc'}::int                                      --> error
{''}::int                                         --> error
{'1,000'}::number                                 --> error
{'1_000'}::int                                    --> error
{'0x10'}::int                                     --> error
{'1.5'}::float                                    --> 1.5
{'1e400'}::number                                 --> error
TO_NUMBER({'12.7'})                               --> 13
TO_NUMBER({'12.75'}, 10, 1)                       --> 12.8
TO_DECIMAL({'12.75'}, 10, 1)                      --> 12.8
TO_NUMERIC({'-3'})                                --> -3
TO_DOUBLE({'1.25'})                               --> 1.25
TRY_TO_NUMBER({'12'})                             --> 12
TRY_TO_NUMBER({'x'})                              --> NULL
TRY_TO_NUMBER({''})                               --> NULL
TRY_TO_NUMBER({'1_000'})                          --> NULL
TRY_TO_NUMBER({'12.345'}, 10, 2)                  --> 12.35
TRY_TO_DECIMAL({'x'}, 10, 2)                      --> NULL
TRY_TO_DOUBLE({'1e2'})                            --> 100
TRY_TO_DOUBLE({'x'})                              --> NULL
TRY_CAST({'12'} AS int)                           --> 12
TRY_CAST({'x'} AS int)                            --> NULL
TRY_CAST({'12.5'} AS number(10, 1))               --> 12.5
{NULL::varchar}::int                              --> NULL

-- number to number
{2.5::float}::int                                 --> 3
{(-2.5)::float}::int                              --> -3
{0.5::float}::int                                 --> 1
{1.005::number(10, 3)}::number(10, 2)             --> 1.01
{2.5::number(10, 1)}::int                         --> 3
{1.25::float}::number(10, 1)                      --> 1.3
{7}::float                                        --> 7
{1e20::float}::int                                --> 100000000000000000000  -- fails: a whole number with more than 64 bits

-- number to text
{101::float}::varchar                             --> '101'
{0.1::float}::varchar                             --> '0.1'
{1.5e100::float}::varchar                         --> '1.5e+100'
{(-2.5)::float}::varchar                          --> '-2.5'
{7}::varchar                                      --> '7'
{1.50::number(10, 2)}::varchar                    --> '1.50'
{5::number(10, 2)}::varchar                       --> '5.00'
TO_VARCHAR({12})                                  --> '12'
TO_CHAR({12.5::number(10, 1)})                    --> '12.5'
{0::float}::varchar                               --> '0'
{1000000::float}::string                          --> '1000000'
{123456.789::float}::string                       --> '123456.789'

-- boolean
{'true'}::boolean                                 --> TRUE
{'T'}::boolean                                    --> TRUE
{'yes'}::boolean                                  --> TRUE
{'Y'}::boolean                                    --> TRUE
{'on'}::boolean                                   --> TRUE
{'1'}::boolean                                    --> TRUE
{'FALSE'}::boolean                                --> FALSE
{'f'}::boolean                                    --> FALSE
{'no'}::boolean                                   --> FALSE
{'off'}::boolean                                  --> FALSE
{'0'}::boolean                                    --> FALSE
{'maybe'}::boolean                                --> error
{5}::boolean                                      --> TRUE
{0}::boolean                                      --> FALSE
TO_BOOLEAN({'yes'})                               --> TRUE
TO_BOOLEAN({0})                                   --> FALSE
TRY_TO_BOOLEAN({'maybe'})                         --> NULL
TRY_TO_BOOLEAN({'off'})                           --> FALSE
TRY_CAST({'maybe'} AS boolean)                    --> NULL
{TRUE}::varchar                                   --> 'true'
{FALSE}::string                                   --> 'false'
{TRUE}::int                                       --> 1

-- varchar with a length
{'01/05/2026'}::varchar(2)                        --> '01'
{'ab'}::varchar(5)                                --> 'ab'
{'ab'}::char                                      --> 'a'
{'abc'}::string(2)                                --> 'ab'
CAST({'abc'} AS char(2))                          --> 'ab'

-- text to date: the formats that AUTO finds
{'2026-01-31'}::date                              --> DATE '2026-01-31'
{'2026-1-5'}::date                                --> DATE '2026-01-05'
{'01/05/2026'}::date                              --> DATE '2026-01-05'
{'31-JAN-2026'}::date                             --> DATE '2026-01-31'
{'31-Jan-2026'}::date                             --> DATE '2026-01-31'
{'2026-01-31 10:00:00'}::date                     --> DATE '2026-01-31'
{'2026-01-31T10:00:00Z'}::date                    --> DATE '2026-01-31'
{'1767225600'}::date                              --> DATE '2026-01-01'
{'13/01/2026'}::date                              --> error
{'2026-02-30'}::date                              --> error
{'2026/01/31'}::date                              --> error
{'infinity'}::date                                --> error
{'soon'}::date                                    --> error
{''}::date                                        --> error
TO_DATE({'01/05/2026'})                           --> DATE '2026-01-05'
DATE({'2026-01-31'})                              --> DATE '2026-01-31'
TRY_TO_DATE({'01/05/2026'})                       --> DATE '2026-01-05'
TRY_TO_DATE({'05-MAR-2026'})                      --> DATE '2026-03-05'
TRY_TO_DATE({'13/01/2026'})                       --> NULL
TRY_TO_DATE({'soon'})                             --> NULL
TRY_TO_DATE({''})                                 --> NULL
TRY_TO_DATE({'2026-01-31T10:00:00Z'})             --> DATE '2026-01-31'
TRY_CAST({'01/05/2026'} AS date)                  --> DATE '2026-01-05'
TRY_CAST({'x'} AS date)                           --> NULL
TO_DATE({NULL})                                   --> NULL

-- text to timestamp
{'2026-01-31 10:00:00'}::timestamp                --> TIMESTAMP '2026-01-31 10:00:00'
{'2026-01-31T10:00:00'}::timestamp                --> TIMESTAMP '2026-01-31 10:00:00'
{'2026-01-31 10:00'}::timestamp                   --> TIMESTAMP '2026-01-31 10:00:00'
{'2026-01-31T10'}::timestamp                      --> TIMESTAMP '2026-01-31 10:00:00'
{'2026-01-31'}::timestamp                         --> TIMESTAMP '2026-01-31 00:00:00'
{'2026-01-31 10:00:00.123456'}::timestamp         --> TIMESTAMP '2026-01-31 10:00:00.123456'
{'2026-01-31 10:00:00.123456789'}::timestamp      --> TIMESTAMP '2026-01-31 10:00:00.123456'
{'2026-01-31 10:00:00.000 +0200'}::timestamp_ntz  --> TIMESTAMP '2026-01-31 10:00:00'
{'2026-01-31 10:00:00 -07:00'}::timestamp_ntz     --> TIMESTAMP '2026-01-31 10:00:00'
{'2026-01-31T10:00:00Z'}::timestamp_ntz           --> TIMESTAMP '2026-01-31 10:00:00'
{'01/31/2026 10:11:12'}::timestamp                --> TIMESTAMP '2026-01-31 10:11:12'
{'01/31/2026'}::timestamp                         --> TIMESTAMP '2026-01-31 00:00:00'
{'Thu, 29 Jan 2026 10:11:12 +0000'}::timestamp_ntz  --> TIMESTAMP '2026-01-29 10:11:12'
{'Thu Jan 29 10:11:12 +0000 2026'}::timestamp_ntz --> TIMESTAMP '2026-01-29 10:11:12'
{'1767225600'}::timestamp                         --> TIMESTAMP '2026-01-01 00:00:00'
{'1767225600000'}::timestamp                      --> TIMESTAMP '2026-01-01 00:00:00'
{'1767225600000000'}::timestamp                   --> TIMESTAMP '2026-01-01 00:00:00'
{'1767225600000000000'}::timestamp                --> TIMESTAMP '2026-01-01 00:00:00'
{'-86400'}::timestamp                             --> TIMESTAMP '1969-12-31 00:00:00'
{'2026-01-31 10:00:00 PM'}::timestamp             --> error
{'soon'}::timestamp                               --> error
{'2026-01-31 10:00:00 +0200'}::timestamp_tz       --> TIMESTAMP '2026-01-31 10:00:00+02:00'
{'2026-01-31T10:00:00.000Z'}::timestamp_tz        --> TIMESTAMP '2026-01-31 10:00:00+00:00'
{'2026-01-31T10:00:00-05:00'}::timestamp_tz       --> TIMESTAMP '2026-01-31 15:00:00+00:00'
{'2026-01-31 10:00:00'}::timestamp_ltz            --> TIMESTAMP '2026-01-31 10:00:00+00:00'
TO_TIMESTAMP({'2026-01-31 10:00:00'})             --> TIMESTAMP '2026-01-31 10:00:00'
TO_TIMESTAMP({'01/31/2026'})                      --> TIMESTAMP '2026-01-31 00:00:00'
TO_TIMESTAMP({'1767225600'})                      --> TIMESTAMP '2026-01-01 00:00:00'
TO_TIMESTAMP({1767225600})                        --> TIMESTAMP '2026-01-01 00:00:00'
TO_TIMESTAMP({0})                                 --> TIMESTAMP '1970-01-01 00:00:00'
TO_TIMESTAMP({1767225600.5::number(20, 1)})       --> TIMESTAMP '2026-01-01 00:00:00.5'
TO_TIMESTAMP_NTZ({'2026-01-31T10:00:00Z'})        --> TIMESTAMP '2026-01-31 10:00:00'
TO_TIMESTAMP_TZ({'2026-01-31 10:00:00 +0100'})    --> TIMESTAMP '2026-01-31 09:00:00+00:00'
TO_TIMESTAMP_LTZ({'2026-01-31 10:00:00'})         --> TIMESTAMP '2026-01-31 10:00:00+00:00'
TO_TIMESTAMP({'2026-01-31'::date})                --> TIMESTAMP '2026-01-31 00:00:00'
TRY_TO_TIMESTAMP({'01/31/2026 10:11:12'})         --> TIMESTAMP '2026-01-31 10:11:12'
TRY_TO_TIMESTAMP({'soon'})                        --> NULL
TRY_TO_TIMESTAMP_NTZ({'2026-01-31'})              --> TIMESTAMP '2026-01-31 00:00:00'
TRY_TO_TIMESTAMP({'1767225600'})                  --> TIMESTAMP '2026-01-01 00:00:00'
TRY_CAST({'2026-13-01'} AS timestamp)             --> NULL
TRY_CAST({'01/31/2026'} AS timestamp)             --> TIMESTAMP '2026-01-31 00:00:00'
{'2026-01-31'::date}::timestamp                   --> TIMESTAMP '2026-01-31 00:00:00'
{'2026-01-31 23:00:00'::timestamp}::date          --> DATE '2026-01-31'
{'10:11:12'}::time                                --> TIME '10:11:12'
{'10:11'}::time                                   --> TIME '10:11:00'
TO_TIME({'10:11:12.5'})                           --> TIME '10:11:12.5'
TRY_TO_TIME({'25:00:00'})                         --> NULL
{'2026-01-31 10:11:12'::timestamp}::time          --> TIME '10:11:12'

-- time to text
{'2026-01-31 10:00:00'::timestamp}::varchar       --> '2026-01-31 10:00:00.000'
{'2026-01-31 10:00:00.123456'::timestamp}::string --> '2026-01-31 10:00:00.123'
{'2026-01-31'::date}::varchar                     --> '2026-01-31'
{'10:11:12'::time}::varchar                       --> '10:11:12'
TO_VARCHAR({'2026-01-31'::date})                  --> '2026-01-31'
TO_CHAR({'2026-01-31 10:00:00'::timestamp})       --> '2026-01-31 10:00:00.000'
{'2026-01-31 10:00:00 +0200'::timestamp_tz}::varchar  --> '2026-01-31 10:00:00.000 +0200'  -- differs: a timestamp with a zone is a moment in UTC

-- over a table of texts
SELECT SUM(amount), AVG(amount), MAX(amount + 1) FROM raw         --> (12.5, 6.25, 8.5)
SELECT COUNT(*) FROM raw WHERE amount > 6                         --> (1)
SELECT COUNT(*) FROM raw WHERE amount IN (5, 6)                   --> (1)
SELECT MIN(seen::date), MAX(TRY_TO_TIMESTAMP(seen)) FROM raw      --> (DATE '2026-01-05', TIMESTAMP '2026-01-31 10:00:00')
SELECT COUNT_IF(flag::boolean) FROM raw                           --> (1)
SELECT LISTAGG(score::varchar, ',') FROM raw                      --> ('0.5,101')
SELECT amount FROM raw WHERE seen = '2026-01-05'::date            --> ('5')
SELECT SUM(x) FROM (SELECT amount AS x FROM raw UNION ALL SELECT 2)  --> (14.5)
