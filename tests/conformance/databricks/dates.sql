DATEDIFF({DATE '2026-02-18'}, {DATE '2026-02-01'})            --> 17
DATEDIFF({TIMESTAMP '2026-02-02 00:01:00'}, {TIMESTAMP '2026-02-01 23:59:00'})  --> 1
DATEDIFF({'2026-02-18'}, {'2026-02-01'})                      --> 17
DATEDIFF(HOUR, {TIMESTAMP '2026-01-01 10:59:00'}, {TIMESTAMP '2026-01-01 11:01:00'})  --> 0
DATEDIFF(HOUR, {TIMESTAMP '2026-01-01 11:01:00'}, {TIMESTAMP '2026-01-01 09:00:00'})  --> -2
DATEDIFF(DAY, {TIMESTAMP '2026-01-01 23:00:00'}, {TIMESTAMP '2026-01-02 01:00:00'})  --> 0
DATEDIFF(MONTH, {DATE '2026-01-31'}, {DATE '2026-02-28'})     --> 0
DATEDIFF(MONTH, {DATE '2026-01-15'}, {DATE '2026-03-15'})     --> 2
DATEDIFF(MONTH, {DATE '2026-03-15'}, {DATE '2026-01-16'})     --> -1
DATEDIFF(YEAR, {DATE '2025-12-31'}, {DATE '2026-12-30'})      --> 0
DATEDIFF(WEEK, {DATE '2026-02-14'}, {DATE '2026-02-20'})      --> 0
DATEDIFF(QUARTER, {DATE '2026-01-15'}, {DATE '2026-04-15'})   --> 1
DATEDIFF(MINUTE, {TIMESTAMP '2026-01-01 10:00:30'}, {TIMESTAMP '2026-01-01 10:01:29'})  --> 0
DATEDIFF(SECOND, {TIMESTAMP '2026-01-01 10:00:00.6'}, {TIMESTAMP '2026-01-01 10:00:01.5'})  --> 0
TIMESTAMPDIFF(MONTH, {TIMESTAMP '2026-01-31 12:00:00'}, {TIMESTAMP '2026-02-28 13:00:00'})  --> 0
MONTHS_BETWEEN({DATE '2026-03-31'}, {DATE '2026-02-28'})      --> 1
MONTHS_BETWEEN({DATE '2026-03-15'}, {DATE '2026-02-01'})      --> 1.4516129
DATE_ADD({DATE '2026-01-31'}, {7})                            --> DATE '2026-02-07'
DATE_ADD({TIMESTAMP '2026-01-31 10:00:00'}, 1)                --> DATE '2026-02-01'
DATE_SUB({DATE '2026-01-31'}, 31)                             --> DATE '2025-12-31'
DATEADD(MONTH, 1, {DATE '2026-01-31'})                        --> TIMESTAMP '2026-02-28 00:00:00+00:00'
DATEADD(HOUR, {5}, {TIMESTAMP '2026-01-31 10:00:00'})         --> TIMESTAMP '2026-01-31 15:00:00+00:00'
DATEADD(DAY, -1, {TIMESTAMP '2026-01-31 10:00:00'})           --> TIMESTAMP '2026-01-30 10:00:00+00:00'
TIMESTAMPADD(MINUTE, 90, {TIMESTAMP '2026-01-31 10:00:00'})   --> TIMESTAMP '2026-01-31 11:30:00+00:00'
ADD_MONTHS({DATE '2026-01-31'}, {1})                          --> DATE '2026-02-28'
ADD_MONTHS({DATE '2026-02-28'}, 1)                            --> DATE '2026-03-28'
{DATE '2026-01-31'} + INTERVAL 1 DAY                          --> DATE '2026-02-01'
{DATE '2026-01-31'} + INTERVAL '1' MONTH                      --> DATE '2026-02-28'
{TIMESTAMP '2026-01-31 10:00:00'} - INTERVAL 2 HOURS          --> TIMESTAMP '2026-01-31 08:00:00+00:00'
{DATE '2026-01-31'} + 1                                       --> DATE '2026-02-01'
{DATE '2026-01-31'} - {DATE '2026-01-01'} = INTERVAL '30' DAY  --> TRUE  -- fails: the difference of dates is a number of days; use DATEDIFF
DATE_TRUNC('MONTH', {TIMESTAMP '2026-02-18 10:30:15'})        --> TIMESTAMP '2026-02-01 00:00:00+00:00'
DATE_TRUNC('WEEK', {TIMESTAMP '2026-02-18 10:30:15'})         --> TIMESTAMP '2026-02-16 00:00:00+00:00'
DATE_TRUNC('DAY', {DATE '2026-02-18'})                        --> TIMESTAMP '2026-02-18 00:00:00+00:00'
TRUNC({DATE '2026-02-18'}, 'MM')                              --> DATE '2026-02-01'
TRUNC({DATE '2026-02-18'}, 'WEEK')                            --> DATE '2026-02-16'
TRUNC({DATE '2026-02-18'}, 'YEAR')                            --> DATE '2026-01-01'
TRUNC({DATE '2026-02-18'}, 'Q')                               --> NULL
DAYOFWEEK({DATE '2026-02-15'})                                --> 1
WEEKDAY({DATE '2026-02-15'})                                  --> 6
DAYOFYEAR({DATE '2026-02-15'})                                --> 46
WEEKOFYEAR({DATE '2026-01-04'})                               --> 1
EXTRACT(DOW FROM {DATE '2026-02-15'})                         --> 1
EXTRACT(DAYOFWEEK_ISO FROM {DATE '2026-02-15'})               --> 7
EXTRACT(WEEK FROM {DATE '2026-01-04'})                        --> 1
EXTRACT(SECOND FROM {TIMESTAMP '2026-02-18 10:30:15.5'})      --> 15.500000
DATE_PART('QUARTER', {DATE '2026-05-01'})                     --> 2
YEAR({DATE '2026-05-01'})                                     --> 2026
QUARTER({DATE '2026-05-01'})                                  --> 2
HOUR({TIMESTAMP '2026-02-18 10:30:15'})                       --> 10
DAYOFMONTH({DATE '2026-05-09'})                               --> 9
DAYNAME({DATE '2026-02-15'})                                  --> 'Sun'
MONTHNAME({DATE '2026-02-15'})                                --> 'Feb'
LAST_DAY({DATE '2026-02-05'})                                 --> DATE '2026-02-28'
NEXT_DAY({DATE '2026-02-18'}, 'MON')                          --> DATE '2026-02-23'
MAKE_DATE({2026}, 1, 31)                                      --> DATE '2026-01-31'
MAKE_TIMESTAMP(2026, 1, 31, {10}, 30, 15)                     --> TIMESTAMP '2026-01-31 10:30:15+00:00'
TO_DATE({'2026-01-31'})                                       --> DATE '2026-01-31'
TO_DATE({'31/01/2026'}, 'dd/MM/yyyy')                         --> DATE '2026-01-31'
TO_DATE({'20260131'}, 'yyyyMMdd')                             --> DATE '2026-01-31'
TO_DATE({'5 Jan 2026'}, 'd MMM yyyy')                         --> DATE '2026-01-05'
TO_TIMESTAMP({'2026-01-31 10:30:15'})                         --> TIMESTAMP '2026-01-31 10:30:15+00:00'
TO_TIMESTAMP({'31.01.2026 10:30'}, 'dd.MM.yyyy HH:mm')        --> TIMESTAMP '2026-01-31 10:30:00+00:00'
TO_TIMESTAMP({'2026-01-31T10:30:15.123Z'}, "yyyy-MM-dd'T'HH:mm:ss.SSSX")  --> TIMESTAMP '2026-01-31 10:30:15.123000+00:00'
TRY_TO_TIMESTAMP({'junk'}, 'yyyy-MM-dd')                      --> NULL
TRY_TO_TIMESTAMP({'2026-01-31'}, 'yyyy-MM-dd')                --> TIMESTAMP '2026-01-31 00:00:00+00:00'
TO_DATE({'junk'}, 'yyyy-MM-dd')                               --> error
DATE_FORMAT({TIMESTAMP '2026-01-05 14:05:09'}, 'yyyy-MM-dd HH:mm:ss')  --> '2026-01-05 14:05:09'
DATE_FORMAT({DATE '2026-01-05'}, 'EEEE, d MMMM yyyy')         --> 'Monday, 5 January 2026'
DATE_FORMAT({DATE '2026-01-05'}, 'EEE dd MMM yy')             --> 'Mon 05 Jan 26'
DATE_FORMAT({TIMESTAMP '2026-01-05 14:05:09'}, 'hh:mm a')     --> '02:05 PM'
DATE_FORMAT({TIMESTAMP '2026-01-05 14:05:09'}, "yyyy-MM-dd'T'HH:mm")  --> '2026-01-05T14:05'
DATE_FORMAT({DATE '2026-01-05'}, 'D')                         --> '5'
DATE_FORMAT({DATE '2026-01-05'}, 'Q')                         --> '1'
DATE_FORMAT({TIMESTAMP '2026-01-05 14:05:09.123'}, 'ss.SSS')  --> '09.123'
UNIX_TIMESTAMP({TIMESTAMP '2026-01-31 10:30:15'})             --> 1769855415
UNIX_TIMESTAMP({'2026-01-31 10:30:15'})                       --> 1769855415
UNIX_TIMESTAMP({'31/01/2026'}, 'dd/MM/yyyy')                  --> 1769817600
FROM_UNIXTIME({1769855415})                                   --> '2026-01-31 10:30:15'
FROM_UNIXTIME({1769855415}, 'yyyy-MM-dd')                     --> '2026-01-31'
TIMESTAMP_SECONDS({1769855415})                               --> TIMESTAMP '2026-01-31 10:30:15+00:00'
TIMESTAMP_MILLIS({1769855415123})                             --> TIMESTAMP '2026-01-31 10:30:15.123000+00:00'
UNIX_SECONDS({TIMESTAMP '2026-01-31 10:30:15.9'})             --> 1769855415
UNIX_MILLIS({TIMESTAMP '2026-01-31 10:30:15.9'})              --> 1769855415900
UNIX_DATE({DATE '2026-01-31'})                                --> 20484
DATE_FROM_UNIX_DATE({20484})                                  --> DATE '2026-01-31'
FROM_UTC_TIMESTAMP({TIMESTAMP '2026-01-31 10:30:15'}, 'America/New_York')  --> TIMESTAMP '2026-01-31 05:30:15+00:00'
TO_UTC_TIMESTAMP({TIMESTAMP '2026-01-31 10:30:15'}, 'America/New_York')  --> TIMESTAMP '2026-01-31 15:30:15+00:00'
CONVERT_TIMEZONE('UTC', 'America/New_York', {TIMESTAMP_NTZ '2026-01-31 10:30:15'})  --> TIMESTAMP '2026-01-31 05:30:15'
SEQUENCE({DATE '2026-01-01'}, {DATE '2026-01-03'})            --> ["2026-01-01", "2026-01-02", "2026-01-03"]
SEQUENCE({DATE '2026-01-03'}, {DATE '2026-01-01'})            --> ["2026-01-03", "2026-01-02", "2026-01-01"]
SEQUENCE({DATE '2026-01-31'}, {DATE '2026-03-31'}, INTERVAL 1 MONTH)  --> ["2026-01-31", "2026-02-28", "2026-03-31"]
CAST({'2026-01-31'} AS DATE)                                  --> DATE '2026-01-31'
CAST({'2026-1-5'} AS DATE)                                    --> DATE '2026-01-05'
CAST({'2026'} AS DATE)                                        --> DATE '2026-01-01'
CAST({'2026-01-31 10:30:15'} AS TIMESTAMP)                    --> TIMESTAMP '2026-01-31 10:30:15+00:00'
TRY_CAST({'2026-13-01'} AS DATE)                              --> NULL
CAST({TIMESTAMP '2026-01-31 10:30:15'} AS STRING)             --> '2026-01-31 10:30:15'
CAST({TIMESTAMP '2026-01-31 10:30:15.5'} AS STRING)           --> '2026-01-31 10:30:15.5'
CAST({DATE '2026-01-31'} AS STRING)                           --> '2026-01-31'
CAST({1769855415} AS TIMESTAMP)                               --> TIMESTAMP '2026-01-31 10:30:15+00:00'
CAST({TIMESTAMP '2026-01-31 10:30:15'} AS BIGINT)             --> 1769855415
DATE({TIMESTAMP '2026-01-31 10:30:15'})                       --> DATE '2026-01-31'
{TIMESTAMP '2026-01-31 10:30:15'} > '2026-01-31'              --> TRUE
{DATE '2026-01-31'} BETWEEN '2026-01-01' AND '2026-02-01'     --> TRUE
WINDOW({TIMESTAMP '2026-01-31 10:30:15'}, '1 hour')           --> {"start": "2026-01-31 10:00:00", "end": "2026-01-31 11:00:00"}  -- rejected: WINDOW
CAST({'2026-02'} AS DATE)                                     --> DATE '2026-02-01'
