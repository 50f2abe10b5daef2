-- Functions of time and of documents under each of their names
CURRENT_DATE() = CURRENT_DATE()                    --> TRUE
CURRENT_TIME() IS NULL                             --> FALSE
CURRENT_TIMESTAMP() IS NULL                        --> FALSE
GETDATE() IS NULL                                  --> FALSE
SYSDATE() IS NULL                                  --> FALSE
SYSTIMESTAMP() IS NULL                             --> FALSE
LOCALTIME() IS NULL                                --> FALSE
LOCALTIMESTAMP() IS NULL                           --> FALSE
DATEFROMPARTS({2026}, {1}, {31})                   --> DATE '2026-01-31'
DAYOFMONTH({'2026-01-31'::date})                   --> 31
DAYOFWEEK_ISO({'2026-02-01'::date})                --> 7
TIME({'10:30:15'})                                 --> TIME '10:30:15'
TIME({'10:11'}, 'MI:SS')                           --> TIME '00:10:11'
TIME({NULL})                                       --> NULL
TIMEFROMPARTS({10}, {30}, {15})                    --> TIME '10:30:15'
TIMESTAMPADD(day, {1}, {'2026-01-31'::date})       --> DATE '2026-02-01'
TIMESTAMPFROMPARTS({2026}, {1}, {31}, {10}, {30}, {15})  --> TIMESTAMP '2026-01-31 10:30:15'
TIMESTAMPNTZFROMPARTS({2026}, {1}, {31}, {10}, {30}, {15})  --> TIMESTAMP '2026-01-31 10:30:15'
TIMESTAMP_NTZ_FROM_PARTS({2026}, {1}, {31}, {10}, {30}, {15})  --> TIMESTAMP '2026-01-31 10:30:15'
TIMESTAMP_LTZ_FROM_PARTS({2026}, {1}, {31}, {10}, {30}, {15})  --> TIMESTAMP '2026-01-31 10:30:15+00:00'
TIMESTAMP_TZ_FROM_PARTS({2026}, {1}, {31}, {10}, {30}, {15}, 0, 'America/New_York')  --> TIMESTAMP '2026-01-31 15:30:15+00:00'
TIMESTAMP_TZ_FROM_PARTS({2026}, {1}, {31}, {10}, {30}, {15})  --> TIMESTAMP '2026-01-31 10:30:15+00:00'
TIME_SLICE({'2026-01-31'::date}, 1, 'MONTH')       --> DATE '2026-01-01'
TRY_TO_NUMERIC({'12.5'})                           --> 13
TRY_TO_TIMESTAMP_TZ({'x'})                         --> NULL
TRY_TO_TIMESTAMP_LTZ({'x'})                        --> NULL
WEEK({'2026-01-05'::date})                         --> 2
WEEKISO({'2026-01-05'::date})                      --> 2
WEEKOFYEAR({'2026-01-05'::date})                   --> 2
YEAROFWEEK({'2027-01-01'::date})                   --> 2026
YEAROFWEEKISO({'2027-01-01'::date})                --> 2026
GET_IGNORE_CASE({PARSE_JSON('{"aB": 1}')}, 'AB')::int  --> 1
TRY_TO_TIMESTAMP_TZ({'2026-01-31 10:00:00 +0200'})  --> TIMESTAMP '2026-01-31 08:00:00+00:00'
