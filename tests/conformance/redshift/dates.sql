DATEDIFF(hour, {TIMESTAMP '2026-01-01 10:59:00'}, {TIMESTAMP '2026-01-01 11:01:00'})   --> 1
DATEDIFF(day, {TIMESTAMP '2026-01-01 23:59:00'}, {TIMESTAMP '2026-01-02 00:01:00'})    --> 1
DATEDIFF(month, {DATE '2026-01-31'}, {DATE '2026-02-01'})                              --> 1
DATEDIFF(week, {DATE '2026-02-14'}, {DATE '2026-02-15'})                               --> 1
DATEDIFF(week, {DATE '2026-02-15'}, {DATE '2026-02-16'})                               --> 0
DATEDIFF(year, {DATE '2025-12-31'}, {DATE '2026-01-01'})                               --> 1
DATEDIFF('qtr', {DATE '2026-03-31'}, {DATE '2026-04-01'})                              --> 1
DATEDIFF(second, {TIMESTAMP '2026-01-01 10:00:00.6'}, {TIMESTAMP '2026-01-01 10:00:01.5'})  --> 1
DATEDIFF(day, {'2026-01-01'::varchar}, {'2026-01-10'::varchar})                        --> 9
DATEADD(month, 1, {DATE '2026-01-31'})                                                 --> TIMESTAMP '2026-02-28 00:00:00'
DATEADD(day, 7, {TIMESTAMP '2026-01-31 10:00:00'})                                     --> TIMESTAMP '2026-02-07 10:00:00'
DATEADD(hour, {5}, {TIMESTAMP '2026-01-31 10:00:00'})                                  --> TIMESTAMP '2026-01-31 15:00:00'
DATEADD(day, 7, {DATE '2026-01-31'})::date                                             --> DATE '2026-02-07'
ADD_MONTHS({DATE '2026-01-31'}, 1)                                                     --> TIMESTAMP '2026-02-28 00:00:00'
ADD_MONTHS({DATE '2026-02-28'}, 1)                                                     --> TIMESTAMP '2026-03-31 00:00:00'
MONTHS_BETWEEN({DATE '2026-03-31'}, {DATE '2026-02-28'})                               --> 1
DATE_TRUNC('month', {TIMESTAMP '2026-02-18 10:30:15'})                                 --> TIMESTAMP '2026-02-01 00:00:00'
DATE_TRUNC('week', {TIMESTAMP '2026-02-18 10:30:15'})                                  --> TIMESTAMP '2026-02-16 00:00:00'
TRUNC({TIMESTAMP '2026-02-18 10:30:15'})                                               --> DATE '2026-02-18'
TRUNC({2.7::float})                                                                    --> 2
TRUNC({2.349}, 2)                                                                      --> 2.34
DATE_PART(dow, {DATE '2026-02-15'})                                                    --> 0
DATE_PART(weekday, {DATE '2026-02-16'})                                                --> 1
DATE_PART(year, {DATE '2026-02-15'})                                                   --> 2026
DATE_PART(epoch, {TIMESTAMP '2026-01-31 10:30:15'})                                    --> 1769855415
DATE_PART(w, {DATE '2026-01-05'})                                                      --> 2
EXTRACT(DOW FROM {DATE '2026-02-15'})                                                  --> 0
EXTRACT(week FROM {DATE '2026-01-04'})                                                 --> 1
EXTRACT(quarter FROM {DATE '2026-05-01'})                                              --> 2
EXTRACT(EPOCH FROM {TIMESTAMP '2026-01-31 10:30:15'})                                  --> 1769855415
EXTRACT(yearday FROM {DATE '2026-02-15'})                                              --> 46
LAST_DAY({DATE '2026-02-05'})                                                          --> DATE '2026-02-28'
NEXT_DAY({DATE '2026-02-18'}, 'Mon')                                                   --> DATE '2026-02-23'
DATE_CMP({DATE '2026-02-18'}, {DATE '2026-02-19'})                                     --> -1
{DATE '2026-02-18'} - {DATE '2026-02-01'}                                              --> 17
{DATE '2026-02-18'} + 7                                                                --> DATE '2026-02-25'
{DATE '2026-02-18'} + INTERVAL '1 month'                                               --> TIMESTAMP '2026-03-18 00:00:00'
{TIMESTAMP '2026-01-31 10:00:00'} - INTERVAL '2 hours'                                 --> TIMESTAMP '2026-01-31 08:00:00'
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09'}, 'YYYY-MM-DD HH24:MI:SS')                    --> '2026-01-05 14:05:09'
TO_CHAR({TIMESTAMP '2026-01-05 14:05:09'}, 'DD Mon YYYY HH12:MI AM')                   --> '05 Jan 2026 02:05 PM'
TO_CHAR({DATE '2026-01-05'}, 'YYYY-"Q"Q')                                              --> '2026-Q1'
TO_CHAR({DATE '2026-01-05'}, 'D')                                                      --> '2'
TO_CHAR({1234.5}, '9,999.99')                                                          --> ' 1,234.50'
TO_DATE({'31/01/2026'::varchar}, 'DD/MM/YYYY')                                         --> DATE '2026-01-31'
TO_DATE({'20260131'::varchar}, 'YYYYMMDD')                                             --> DATE '2026-01-31'
TO_TIMESTAMP({'2026-01-31 10:30:15'::varchar}, 'YYYY-MM-DD HH24:MI:SS')                --> TIMESTAMP '2026-01-31 10:30:15+00:00'
CONVERT_TIMEZONE('America/New_York', {TIMESTAMP '2026-01-31 10:30:15'})                --> TIMESTAMP '2026-01-31 05:30:15'
CONVERT_TIMEZONE('America/New_York', 'UTC', {TIMESTAMP '2026-01-31 10:30:15'})         --> TIMESTAMP '2026-01-31 15:30:15'
{TIMESTAMP '2026-01-31 10:00:00'} AT TIME ZONE 'America/New_York'                      --> TIMESTAMP '2026-01-31 15:00:00+00:00'
TIMESTAMP 'epoch' + {1769855415} * INTERVAL '1 second'                                 --> TIMESTAMP '2026-01-31 10:30:15'
{'2026-01-31'::varchar}::date                                                          --> DATE '2026-01-31'
{'2026-01-31 10:30:15'::varchar}::timestamp                                            --> TIMESTAMP '2026-01-31 10:30:15'
{TIMESTAMP '2026-01-31 10:30:15'}::date                                                --> DATE '2026-01-31'
{TIMESTAMP '2026-01-31 10:30:15'}::varchar                                             --> '2026-01-31 10:30:15'
{DATE '2026-01-31'}::varchar                                                           --> '2026-01-31'
{TIMESTAMP '2026-01-31 10:30:15'} > '2026-01-31'                                       --> TRUE
{DATE '2026-01-31'} BETWEEN '2026-01-01' AND '2026-01-31'                              --> TRUE
TRY_CAST({'2026-13-01'::varchar} AS date)                                              --> NULL
DATE({TIMESTAMP '2026-01-31 10:30:15'})                                                --> DATE '2026-01-31'
TO_DATE({'2026-01-31'})                                       --> error
