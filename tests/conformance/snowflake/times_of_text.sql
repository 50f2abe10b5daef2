CREATE TABLE ev AS SELECT * FROM (VALUES ('2026-01-31 10:15:30', DATE '2026-01-31'), ('02/01/2026', DATE '2026-02-01')) v(ts, d);

-- parts
YEAR({'2026-01-31'})                               --> 2026
YEAR({'01/31/2026'})                               --> 2026
MONTH({'2026-01-31 10:00:00'})                     --> 1
DAY({'2026-01-31'})                                --> 31
HOUR({'2026-01-31 10:15:30'})                      --> 10
MINUTE({'2026-01-31 10:15:30'})                    --> 15
SECOND({'2026-01-31 10:15:30'})                    --> 30
QUARTER({'2026-05-31'})                            --> 2
DAYOFWEEK({'2026-02-01'::date})                    --> 0
DAYOFWEEKISO({'2026-02-01'::date})                 --> 7
DAYOFYEAR({'2026-02-01'})                          --> 32
EXTRACT(month FROM {'2026-02-01'::date})           --> 2
DATE_PART(year, {'2026-02-01'::date})              --> 2026
DATE_PART('month', {'02/01/2026'})                 --> 2
DATE_PART(epoch_second, {'2026-01-01'::timestamp}) --> 1767225600
DATE_PART(epoch_millisecond, {'2026-01-01'::timestamp})  --> 1767225600000
DAYNAME({'2026-02-01'::date})                      --> 'Sun'
MONTHNAME({'2026-02-01'::date})                    --> 'Feb'
LAST_DAY({'2026-02-01'::date})                     --> DATE '2026-02-28'
LAST_DAY({'2026-02-01 10:00:00'::timestamp})       --> DATE '2026-02-28'

-- differences
DATEDIFF(day, {'2026-01-05'}, {'2026-01-31'})      --> 26
DATEDIFF(day, {'01/05/2026'}, {'2026-01-31'::date})  --> 26
DATEDIFF('month', {'2025-12-31'::date}, {'2026-01-01'::date})  --> 1
DATEDIFF(year, {'2025-12-31'::date}, {'2026-01-01'::date})     --> 1
DATEDIFF(hour, {'2026-01-31 10:59:00'::timestamp}, {'2026-01-31 11:01:00'::timestamp})  --> 1
DATEDIFF(minute, {'2026-01-31 10:00:59'}, {'2026-01-31 10:01:00'})  --> 1
DATEDIFF(second, {'2026-01-31 10:00:00'::timestamp}, {'2026-01-31 10:01:00'::timestamp})  --> 60
DATEDIFF(week, {'2026-02-01'::date}, {'2026-02-02'::date})      --> 1
DATEDIFF(quarter, {'2026-03-31'::date}, {'2026-04-01'::date})   --> 1
TIMEDIFF(day, {'2026-01-01'::date}, {'2026-01-03'::date})       --> 2
TIMESTAMPDIFF(day, {'2026-01-01'::date}, {'2026-01-03'::date})  --> 2
{'2026-01-31'::date} - {'2026-01-05'::date}        --> 26
MONTHS_BETWEEN({'2026-03-31'::date}, {'2026-01-31'::date})      --> 2

-- sums
DATEADD(day, 1, {'2026-01-31'::date})              --> DATE '2026-02-01'
DATEADD(day, {1}, {'2026-01-31'::date})            --> DATE '2026-02-01'
DATEADD(month, 1, {'2026-01-31'::date})            --> DATE '2026-02-28'
DATEADD(hour, 1, {'2026-01-31'::date})             --> TIMESTAMP '2026-01-31 01:00:00'
DATEADD(day, 1, {'2026-01-31'})                    --> TIMESTAMP '2026-02-01 00:00:00'
DATEADD(day, 1, {'01/31/2026'})                    --> TIMESTAMP '2026-02-01 00:00:00'
DATEADD(year, -1, {'2026-01-31 10:00:00'::timestamp})  --> TIMESTAMP '2025-01-31 10:00:00'
TIMEADD(minute, 30, {'2026-01-31 10:00:00'::timestamp})  --> TIMESTAMP '2026-01-31 10:30:00'
ADD_MONTHS({'2026-01-31'::date}, 1)                --> DATE '2026-02-28'
ADD_MONTHS({'2026-02-28'::date}, 1)                --> DATE '2026-03-31'
{'2026-01-31'::date} + 1                           --> DATE '2026-02-01'
{'2026-01-31'::date} - 1                           --> DATE '2026-01-30'
{'2026-01-31'::date} + INTERVAL '1 day'            --> DATE '2026-02-01'
{'2026-01-31 10:00:00'::timestamp} - INTERVAL '2 hours'  --> TIMESTAMP '2026-01-31 08:00:00'

-- truncation
DATE_TRUNC('month', {'2026-01-31'::date})          --> DATE '2026-01-01'
DATE_TRUNC('month', {'2026-01-31'})                --> TIMESTAMP '2026-01-01 00:00:00'
DATE_TRUNC('hour', {'2026-01-31 10:15:30'::timestamp})  --> TIMESTAMP '2026-01-31 10:00:00'
DATE_TRUNC('week', {'2026-02-01'::date})           --> DATE '2026-01-26'
DATE_TRUNC('quarter', {'2026-05-05'::date})        --> DATE '2026-04-01'
DATE_TRUNC(year, {'2026-05-05'::date})             --> DATE '2026-01-01'
TRUNC({'2026-01-31'::date}, 'month')               --> DATE '2026-01-01'

-- formats
TO_CHAR({'2026-01-31'::date}, 'YYYY-MM')           --> '2026-01'
TO_CHAR({'2026-01-31 10:15:30'::timestamp}, 'YYYYMMDD"T"HH24MISS')  --> '20260131T101530'
TO_DATE({'20260131'}, 'YYYYMMDD')                  --> DATE '2026-01-31'
TO_DATE({'31.01.2026'}, 'DD.MM.YYYY')              --> DATE '2026-01-31'
TRY_TO_DATE({'x'}, 'YYYYMMDD')                     --> NULL
TO_TIMESTAMP({'31.01.2026 10:00'}, 'DD.MM.YYYY HH24:MI')  --> TIMESTAMP '2026-01-31 10:00:00'
TO_TIMESTAMP({1767225600000}, 3)                   --> TIMESTAMP '2026-01-01 00:00:00'

-- zones
CONVERT_TIMEZONE('UTC', 'America/New_York', {'2026-01-31 15:00:00'::timestamp})  --> TIMESTAMP '2026-01-31 10:00:00'
CONVERT_TIMEZONE('America/New_York', 'UTC', {'2026-01-31 10:00:00'})  --> TIMESTAMP '2026-01-31 15:00:00'

-- parts put together
DATE_FROM_PARTS({2026}, {1}, {31})                 --> DATE '2026-01-31'
TIMESTAMP_FROM_PARTS({2026}, {1}, {31}, {10}, {15}, {30})  --> TIMESTAMP '2026-01-31 10:15:30'
TIME_FROM_PARTS({10}, {15}, {30})                  --> TIME '10:15:30'
NEXT_DAY({'2026-01-31'::date}, 'Mo')               --> DATE '2026-02-02'
PREVIOUS_DAY({'2026-01-31'::date}, 'Mo')           --> DATE '2026-01-26'

-- over a table
SELECT COUNT(*) FROM ev WHERE ts::date = d                          --> (2)
SELECT MAX(DATEDIFF(day, ts, '2026-02-02')) FROM ev                 --> (2)
SELECT d FROM ev WHERE ts > '2026-01-31 23:00:00'::timestamp        --> (DATE '2026-02-01')
SELECT MIN(DATE_TRUNC('month', ts)) FROM ev                         --> (TIMESTAMP '2026-01-01 00:00:00')
