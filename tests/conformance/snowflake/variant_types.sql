-- Types of the values in a VARIANT: TYPEOF, IS_*, AS_*.
TYPEOF(PARSE_JSON({'true'}))                       --> 'BOOLEAN'
TYPEOF(PARSE_JSON({'-17'}))                        --> 'INTEGER'
TYPEOF(PARSE_JSON({'123.12'}))                     --> 'DECIMAL'
TYPEOF(PARSE_JSON({'1.912e2'}))                    --> 'DOUBLE'
TYPEOF(PARSE_JSON({'"Om"'}))                       --> 'VARCHAR'
TYPEOF(PARSE_JSON({'[-1, 12]'}))                   --> 'ARRAY'
TYPEOF(PARSE_JSON({'{"x": "abc"}'}))               --> 'OBJECT'
TYPEOF(PARSE_JSON({'null'}))                       --> 'NULL_VALUE'
TYPEOF(PARSE_JSON({'{"a": [1]}'}):a)               --> 'ARRAY'
TYPEOF({'x'}::variant)                             --> 'VARCHAR'
TYPEOF({5}::variant)                               --> 'INTEGER'
IS_NULL_VALUE(PARSE_JSON({'{"a": null}'}):a)       --> TRUE
IS_NULL_VALUE(PARSE_JSON({'{"a": "x"}'}):a)        --> FALSE
IS_NULL_VALUE(PARSE_JSON({'{"a": null}'}):b)       --> NULL
STRIP_NULL_VALUE(PARSE_JSON({'{"a": null}'}):a)    --> NULL
STRIP_NULL_VALUE(PARSE_JSON({'{"a": 1}'}):a)       --> 1
STRIP_NULL_VALUE(PARSE_JSON({'{"a": 1}'}):b)       --> NULL
IS_ARRAY(PARSE_JSON({'[1]'}))                      --> TRUE
IS_ARRAY(PARSE_JSON({'{"a": 1}'}))                 --> FALSE
IS_ARRAY(PARSE_JSON({'{"a": 1}'}):b)               --> NULL
IS_OBJECT(PARSE_JSON({'{"a": 1}'}))                --> TRUE
IS_OBJECT(PARSE_JSON({'[1]'}))                     --> FALSE
IS_BOOLEAN(PARSE_JSON({'true'}))                   --> TRUE
IS_BOOLEAN(PARSE_JSON({'"true"'}))                 --> FALSE
IS_VARCHAR(PARSE_JSON({'"x"'}))                    --> TRUE
IS_CHAR(PARSE_JSON({'1'}))                         --> FALSE
IS_INTEGER(PARSE_JSON({'12'}))                     --> TRUE
IS_INTEGER(PARSE_JSON({'12.5'}))                   --> FALSE
IS_DECIMAL(PARSE_JSON({'12.5'}))                   --> TRUE
IS_DECIMAL(PARSE_JSON({'12'}))                     --> TRUE
IS_DOUBLE(PARSE_JSON({'12.5'}))                    --> TRUE
IS_REAL(PARSE_JSON({'"12.5"'}))                    --> FALSE
IS_DATE({'x'}::variant)                            --> FALSE
IS_TIMESTAMP_NTZ({'x'}::variant)                   --> FALSE
AS_VARCHAR(PARSE_JSON({'"x"'}))                    --> 'x'
AS_VARCHAR(PARSE_JSON({'12'}))                     --> NULL
AS_CHAR(PARSE_JSON({'"x"'}))                       --> 'x'
AS_INTEGER(PARSE_JSON({'12'}))                     --> 12
AS_INTEGER(PARSE_JSON({'"12"'}))                   --> NULL
AS_DECIMAL(PARSE_JSON({'12.5'}), 10, 2)            --> 12.5
AS_NUMBER(PARSE_JSON({'12.5'}), 10, 1)             --> 12.5
AS_DOUBLE(PARSE_JSON({'12.5'}))                    --> 12.5
AS_REAL(PARSE_JSON({'12'}))                        --> 12
AS_BOOLEAN(PARSE_JSON({'true'}))                   --> TRUE
AS_BOOLEAN(PARSE_JSON({'"true"'}))                 --> NULL
AS_ARRAY(PARSE_JSON({'[1, 2]'}))                   --> [1, 2]
AS_ARRAY(PARSE_JSON({'{"a": 1}'}))                 --> NULL
AS_OBJECT(PARSE_JSON({'{"a": 1}'}))                --> {"a": 1}
AS_OBJECT(PARSE_JSON({'[1]'}))                     --> NULL
AS_DATE({'2026-01-31'}::variant)                   --> NULL
PARSE_JSON({'{"a": 1, "a": 2}'})                   --> error  -- differs: a duplicate key is kept once
TO_VARIANT({'2026-01-31 10:00:00'::timestamp})::string --> '2026-01-31 10:00:00.000'
TYPEOF({1.5::double}::variant)                     --> 'DOUBLE'
TYPEOF({1.5::number(4, 1)}::variant)               --> 'DECIMAL'
IS_DATE({'2026-01-31'::date}::variant)             --> TRUE
IS_DATE({NULL::date}::variant)                     --> NULL
AS_DATE({'2026-01-31'::date}::variant)             --> DATE '2026-01-31'
IS_DATE(PARSE_JSON({'"2026-01-31"'}))              --> FALSE
