DATE_TRUNC('month', {TIMESTAMP '2026-02-18 10:30:15'})        --> TIMESTAMP '2026-02-01 00:00:00'
DATE_TRUNC('week', {TIMESTAMP '2026-02-18 10:30:15'})         --> TIMESTAMP '2026-02-16 00:00:00'
DATE_TRUNC('quarter', {DATE '2026-02-18'})::date              --> DATE '2026-01-01'
DATE_TRUNC('hour', {TIMESTAMP '2026-02-18 10:30:15'})         --> TIMESTAMP '2026-02-18 10:00:00'
DATE_TRUNC('day', {TIMESTAMPTZ '2026-02-18 03:30:15+00'}, 'America/New_York')  --> TIMESTAMP '2026-02-17 05:00:00+00:00'
EXTRACT(DOW FROM {DATE '2026-02-15'})                         --> 0
EXTRACT(ISODOW FROM {DATE '2026-02-15'})                      --> 7
EXTRACT(DOY FROM {DATE '2026-02-15'})                         --> 46
EXTRACT(WEEK FROM {DATE '2026-01-04'})                        --> 1
EXTRACT(ISOYEAR FROM {DATE '2025-12-29'})                     --> 2026
EXTRACT(QUARTER FROM {DATE '2026-05-01'})                     --> 2
EXTRACT(EPOCH FROM {TIMESTAMP '2026-01-31 10:30:15.5'})       --> 1769855415.500000
EXTRACT(SECOND FROM {TIMESTAMP '2026-01-31 10:30:15.5'})      --> 15.500000
EXTRACT(MILLISECONDS FROM {TIMESTAMP '2026-01-31 10:30:15.5'})  --> 15500.000
EXTRACT(EPOCH FROM {TIMESTAMP '2026-01-02 00:00:00'} - {TIMESTAMP '2026-01-01 00:00:00'})  --> 86400.000000
EXTRACT(DAY FROM {TIMESTAMP '2026-02-02 00:00:00'} - {TIMESTAMP '2026-01-01 12:00:00'})  --> 31
DATE_PART('year', {DATE '2026-05-01'})                        --> 2026
DATE_PART('day', {TIMESTAMP '2026-02-02 00:00:00'} - {TIMESTAMP '2026-01-01 12:00:00'})  --> 31
{DATE '2026-02-18'} - {DATE '2026-02-01'}                     --> 17
{DATE '2026-02-18'} + 7                                       --> DATE '2026-02-25'
{DATE '2026-02-18'} + {7}                                     --> DATE '2026-02-25'
{DATE '2026-02-18'} - 7                                       --> DATE '2026-02-11'
{DATE '2026-02-18'} + INTERVAL '1 month'                      --> TIMESTAMP '2026-03-18 00:00:00'
({DATE '2026-01-31'} + INTERVAL '1 month')::date              --> DATE '2026-02-28'
{TIMESTAMP '2026-01-31 10:00:00'} + INTERVAL '90 minutes'     --> TIMESTAMP '2026-01-31 11:30:00'
{TIMESTAMP '2026-01-31 10:00:00'} - INTERVAL '1 year 2 months'  --> TIMESTAMP '2024-11-30 10:00:00'
{TIMESTAMP '2026-01-31 10:00:00'} + {2} * INTERVAL '1 day'    --> TIMESTAMP '2026-02-02 10:00:00'
{TIMESTAMP '2026-01-31 10:00:00'} + MAKE_INTERVAL(days => {2})  --> TIMESTAMP '2026-02-02 10:00:00'
AGE({TIMESTAMP '2026-03-15 00:00:00'}, {TIMESTAMP '2026-01-31 00:00:00'}) = INTERVAL '1 mon 15 days'  --> TRUE
EXTRACT(YEAR FROM AGE({DATE '2026-03-15'}, {DATE '1990-06-20'}))  --> 35
{TIMESTAMP '2026-01-31 10:00:00'} AT TIME ZONE 'America/New_York'  --> TIMESTAMP '2026-01-31 15:00:00+00:00'
{TIMESTAMPTZ '2026-01-31 10:00:00+00'} AT TIME ZONE 'America/New_York'  --> TIMESTAMP '2026-01-31 05:00:00'
({TIMESTAMPTZ '2026-01-31 03:00:00+00'} AT TIME ZONE 'America/New_York')::date  --> DATE '2026-01-30'
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09.123456'}, 'YYYY-MM-DD HH24:MI:SS')  --> '2026-01-05 14:05:09'
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09.123456'}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')  --> '2026-01-05T14:05:09.123Z'
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09.123456'}, 'DD Mon YYYY HH12:MI AM')  --> '05 Jan 2026 02:05 PM'
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09.123456'}, 'Day, DD Month')  --> 'Monday   , 05 January  '
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09.123456'}, 'FMDay, FMDD FMMonth')  --> 'Monday, 5 January'
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09.123456'}, 'IYYY-IW')  --> '2026-02'
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09.123456'}, 'YYYY-"Q"Q')  --> '2026-Q1'
TO_CHAR({DATE '2026-01-05'}, 'YYYYMMDD')                      --> '20260105'
TO_CHAR({DATE '2026-01-05'}, 'DDD')                           --> '005'
TO_CHAR({DATE '2026-01-05'}, 'Dy')                            --> 'Mon'
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09.123456'}, 'US')       --> '123456'
TO_CHAR({1234.5}, '9,999.99')                                 --> ' 1,234.50'
TO_CHAR({5}, '000')                                           --> ' 005'
TO_CHAR({1234.567::numeric}, 'FM999999.00')                   --> '1234.57'
TO_DATE({'31/01/2026'::text}, 'DD/MM/YYYY')                   --> DATE '2026-01-31'
TO_DATE({'20260131'::text}, 'YYYYMMDD')                       --> DATE '2026-01-31'
TO_DATE({'5 Jan 2026'::text}, 'DD Mon YYYY')                  --> DATE '2026-01-05'
TO_TIMESTAMP({'2026-01-31 10:30:15'::text}, 'YYYY-MM-DD HH24:MI:SS')  --> TIMESTAMP '2026-01-31 10:30:15+00:00'
TO_TIMESTAMP({1769855415})                                    --> TIMESTAMP '2026-01-31 10:30:15+00:00'
TO_TIMESTAMP({1769855415.5::double precision})                --> TIMESTAMP '2026-01-31 10:30:15.500000+00:00'
MAKE_DATE({2026}, 1, 31)                                      --> DATE '2026-01-31'
MAKE_TIMESTAMP(2026, 1, 31, {10}, 30, 15.5)                   --> TIMESTAMP '2026-01-31 10:30:15.500000'
{'2026-01-31'::text}::date                                    --> DATE '2026-01-31'
{'2026-01-31 10:30:15'::text}::timestamp                      --> TIMESTAMP '2026-01-31 10:30:15'
{'2026-01-31T10:30:15Z'::text}::timestamptz                   --> TIMESTAMP '2026-01-31 10:30:15+00:00'
{'31 January 2026'::text}::date                               --> DATE '2026-01-31'  -- fails: only year-month-day texts are dates; use TO_DATE
{'yesterday-ish'::text}::date                                 --> error
{TIMESTAMP '2026-01-31 10:30:15'}::date                       --> DATE '2026-01-31'
{DATE '2026-01-31'}::timestamp                                --> TIMESTAMP '2026-01-31 00:00:00'
{TIMESTAMP '2026-01-31 10:30:15'}::text                       --> '2026-01-31 10:30:15'
{DATE '2026-01-31'}::text                                     --> '2026-01-31'
{TIMESTAMPTZ '2026-01-31 10:30:15+00'}::text                  --> '2026-01-31 10:30:15+00'
{TIMESTAMP '2026-01-31 10:30:15'} > {DATE '2026-01-31'}       --> TRUE
{DATE '2026-01-31'} = '2026-01-31'                            --> TRUE
{TIMESTAMP '2026-01-31 10:30:15'} BETWEEN '2026-01-01' AND '2026-02-01'  --> TRUE
DATE_BIN('15 minutes', {TIMESTAMP '2026-01-31 10:40:15'}, TIMESTAMP '2026-01-01')  --> TIMESTAMP '2026-01-31 10:30:00'
DATE({TIMESTAMP '2026-01-31 10:30:15'})                       --> DATE '2026-01-31'
({DATE '2026-01-01'}, {DATE '2026-01-10'}) OVERLAPS (DATE '2026-01-05', DATE '2026-02-01')  --> TRUE
JUSTIFY_DAYS(INTERVAL '35 days') = INTERVAL '1 mon 5 days'    --> TRUE  -- rejected: JUSTIFY_DAYS
ISFINITE({DATE '2026-01-31'})                                 --> TRUE
TO_DATE({'2026-01-31'})                                       --> error
