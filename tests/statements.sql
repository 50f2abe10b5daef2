-- Every distinct statement that the key jobs of tests/jobs.py run, in the SQL of DuckDB without its own clauses.
-- Made by `uv run python -m tests.inventory`; compared by tests/constructs/test_inventory.py.

-- execute
CREATE OR REPLACE TABLE "profiles"."GRAPH_MIGRATED_ANCHORS" AS
SELECT
  main_id AS main_id,
  main_id AS current_main_id,
  other_id AS anchor_id,
  other_id_type AS anchor_id_type,
  CAST(NULL AS BIGINT) AS since_seq_no
FROM (
  SELECT
    main_id,
    other_id,
    other_id_type,
    ROW_NUMBER() OVER (PARTITION BY main_id ORDER BY other_id_type, other_id) AS rank_no
  FROM main_ids_given
) AS ranked
WHERE
  rank_no = 1;

-- execute
CREATE OR REPLACE TABLE "profiles"."GRAPH_MIGRATED_MEMBERS" AS
SELECT
  main_id,
  other_id,
  other_id_type
FROM main_ids_given;

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_anchors" (
  main_id TEXT,
  current_main_id TEXT,
  anchor_id TEXT,
  anchor_id_type TEXT,
  since_seq_no BIGINT,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_digests" (
  __source SMALLINT,
  __day DATE,
  row_count BIGINT,
  digest BIGINT,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_dropped" (
  left_node BIGINT,
  right_node BIGINT,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_events" (
  event TEXT,
  main_id TEXT,
  previous_main_id TEXT,
  ids_moved BIGINT,
  cause TEXT
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_evidence" (
  __left UINTEGER,
  __right UINTEGER,
  __source SMALLINT,
  __day DATE,
  row_count BIGINT,
  first_seen_at TIMESTAMP,
  last_seen_at TIMESTAMP,
  sample_key TEXT,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_files" (
  __source SMALLINT,
  file TEXT,
  state TEXT,
  read_until TIMESTAMP,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_lists" (
  list_number INT,
  id_type TEXT,
  id TEXT,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_members" (
  other_id TEXT,
  other_id_type TEXT,
  valid_at TIMESTAMP,
  first_seen_at TIMESTAMP,
  __profile UINTEGER,
  __node UINTEGER,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_names" (
  __profile UINTEGER,
  main_id TEXT,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_over_limit" (
  limit_number INT,
  node BIGINT,
  neighbours BIGINT,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_graph_quarantined" (
  rule TEXT,
  id1 TEXT,
  id1_type TEXT,
  id2 TEXT,
  id2_type TEXT,
  __source SMALLINT,
  __day DATE,
  row_count BIGINT,
  first_seen_at TIMESTAMP,
  sample_key TEXT,
  found BIGINT,
  allowed BIGINT,
  reason TEXT,
  __from_version INT DEFAULT 1,
  __to_version INT DEFAULT 1
);

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_large" AS
WITH input_logins AS (
  SELECT
    *
  FROM raw.main.logins
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
)
SELECT
  *
FROM input_logins
WHERE
  amount > 1;

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_user_var_table" AS
WITH layer_1 AS (
  SELECT
    profiles.__profile,
    profiles.user_main_id,
    vars_1.logins AS logins,
    vars_1.last_device AS last_device,
    vars_2.spent AS spent
  FROM "profiles"."Material_graph_profiles" AS profiles
  LEFT JOIN "profiles"."Material_user_vars_inputs_logins" AS vars_1
    ON vars_1.__profile = profiles.__profile
  LEFT JOIN "profiles"."Material_user_vars_models_large" AS vars_2
    ON vars_2.__profile = profiles.__profile
)
SELECT
  *,
  CASE WHEN logins > 1 THEN 'text' ELSE 'text' END AS is_active
FROM layer_1;

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_user_vars_inputs_logins" AS
WITH input_logins AS (
  SELECT
    *
  FROM raw.main.logins
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
), joined AS (
  SELECT
    source.*,
    COALESCE(ids_1.__profile, ids_2.__profile) AS __profile
  FROM input_logins AS source
  LEFT JOIN (
    SELECT
      __profile,
      other_id
    FROM "profiles"."Material_graph_ids"
    WHERE
      other_id_type = 'text'
  ) AS ids_1
    ON ids_1.other_id = (
      CAST(source.user_id AS TEXT) COLLATE "C"
    )
  LEFT JOIN (
    SELECT
      __profile,
      other_id
    FROM "profiles"."Material_graph_ids"
    WHERE
      other_id_type = 'text'
  ) AS ids_2
    ON ids_2.other_id = (
      CAST(source.device AS TEXT) COLLATE "C"
    )
  WHERE
    NOT COALESCE(ids_1.__profile, ids_2.__profile) IS NULL
), windowed AS (
  SELECT
    *,
    FIRST_VALUE(device) OVER (
      PARTITION BY __profile
      ORDER BY ts DESC NULLS FIRST, device
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS __window_last_device
  FROM joined
)
SELECT
  __profile,
  COUNT(*) AS logins,
  MAX(__window_last_device) AS last_device
FROM windowed AS logins
GROUP BY
  __profile;

-- execute
CREATE OR REPLACE TABLE "profiles"."Material_user_vars_models_large" AS
WITH joined AS (
  SELECT
    source.*,
    ids_1.__profile AS __profile
  FROM "profiles"."Material_large" AS source
  INNER JOIN (
    SELECT
      __profile,
      other_id
    FROM "profiles"."Material_graph_ids"
    WHERE
      other_id_type = 'text'
  ) AS ids_1
    ON ids_1.other_id = (
      CAST(source.user_id AS TEXT) COLLATE "C"
    )
)
SELECT
  __profile,
  SUM(amount) AS spent
FROM joined AS large
WHERE
  amount < 1
GROUP BY
  __profile;

-- execute
CREATE OR REPLACE TABLE "profiles"."onefold_access_trial_table" AS
SELECT
  1 AS one;

-- execute
CREATE OR REPLACE TEMPORARY TABLE "check" AS
SELECT
  *
FROM (
  SELECT
    CAST(NULL AS TEXT) AS user_main_id,
    CAST(NULL AS TEXT) AS other_id,
    CAST(NULL AS TEXT) AS other_id_type,
    CAST(NULL AS TIMESTAMP) AS valid_at,
    CAST(NULL AS TIMESTAMP) AS first_seen_at,
    CAST(NULL AS BIGINT) AS __profile,
    CAST(NULL AS BIGINT) AS __node
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE "check" AS
SELECT
  *
FROM (
  SELECT
    ids.other_id AS email,
    features.is_active,
    features.last_device,
    features.logins,
    features.spent
  FROM "check" AS ids
  JOIN "check" AS features
    ON features.user_main_id = ids.user_main_id
  WHERE
    ids.other_id_type = 'text'
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE "check" AS
SELECT
  *
FROM (
  SELECT
    user_main_id
  FROM "check"
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE "check" AS
SELECT
  *
FROM (
  SELECT
    user_main_id,
    is_active,
    last_device,
    logins,
    spent
  FROM "check"
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE "check" AS
SELECT
  *
FROM (
  WITH input_logins AS (
    SELECT
      *
    FROM raw.main.logins
    WHERE
      ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
  )
  SELECT
    *
  FROM input_logins
  WHERE
    amount > 1
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE "check" AS
SELECT
  *
FROM (
  WITH input_logins AS (
    SELECT
      *
    FROM raw.main.logins
    WHERE
      ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
  ), joined AS (
    SELECT
      source.*,
      COALESCE(ids_1.__profile, ids_2.__profile) AS __profile
    FROM input_logins AS source
    LEFT JOIN (
      SELECT
        __profile,
        other_id
      FROM "check"
      WHERE
        other_id_type = 'text'
    ) AS ids_1
      ON ids_1.other_id = (
        CAST(source.user_id AS TEXT) COLLATE "C"
      )
    LEFT JOIN (
      SELECT
        __profile,
        other_id
      FROM "check"
      WHERE
        other_id_type = 'text'
    ) AS ids_2
      ON ids_2.other_id = (
        CAST(source.device AS TEXT) COLLATE "C"
      )
    WHERE
      NOT COALESCE(ids_1.__profile, ids_2.__profile) IS NULL
  ), windowed AS (
    SELECT
      *,
      FIRST_VALUE(device) OVER (
        PARTITION BY __profile
        ORDER BY ts DESC NULLS FIRST, device
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS __window_last_device
    FROM joined
  )
  SELECT
    __profile,
    COUNT(*) AS logins,
    MAX(__window_last_device) AS last_device
  FROM windowed AS logins
  GROUP BY
    __profile
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE "check" AS
SELECT
  *
FROM (
  WITH joined AS (
    SELECT
      source.*,
      ids_1.__profile AS __profile
    FROM "check" AS source
    INNER JOIN (
      SELECT
        __profile,
        other_id
      FROM "check"
      WHERE
        other_id_type = 'text'
    ) AS ids_1
      ON ids_1.other_id = (
        CAST(source.user_id AS TEXT) COLLATE "C"
      )
  )
  SELECT
    __profile,
    SUM(amount) AS spent
  FROM joined AS large
  WHERE
    amount < 1
  GROUP BY
    __profile
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE "check" AS
SELECT
  *
FROM (
  WITH layer_1 AS (
    SELECT
      profiles.__profile,
      profiles.user_main_id,
      vars_1.logins AS logins,
      vars_1.last_device AS last_device,
      vars_2.spent AS spent
    FROM "check" AS profiles
    LEFT JOIN "check" AS vars_1
      ON vars_1.__profile = profiles.__profile
    LEFT JOIN "check" AS vars_2
      ON vars_2.__profile = profiles.__profile
  )
  SELECT
    *,
    CASE WHEN logins > 1 THEN 'text' ELSE 'text' END AS is_active
  FROM layer_1
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE audit_every_node AS
SELECT
  ROW_NUMBER() OVER () - 1 AS node,
  id,
  id_type,
  level_today
FROM stitch_nodes
WHERE
  NOT node IN (
    SELECT
      node
    FROM (
      SELECT
        *
      FROM (
        SELECT
          nodes.node,
          CAST(CASE
            WHEN (
              NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
              OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
            )
            AND CASE
              WHEN (
                NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
                OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
              )
              THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
              ELSE nodes.id
            END = 'text'
            THEN 1
            WHEN ruled.action = 'text'
            THEN NULL
            WHEN ruled.action = 'text'
            THEN 1
            WHEN nodes.id_type = 'text' AND (
              nodes.id = 'text'
            )
            THEN 1
            WHEN nodes.id_type = 'text' AND NOT (
              REGEXP_FULL_MATCH(nodes.id, 'text')
            )
            THEN 1
          END AS INT) AS place,
          ruled.reason AS reason,
          (
            NOT (
              (
                NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
                OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
              )
              AND CASE
                WHEN (
                  NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
                  OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
                )
                THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
                ELSE nodes.id
              END = 'text'
            )
            AND (
              LOWER(
                CASE
                  WHEN (
                    NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
                    OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
                  )
                  THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
                  ELSE nodes.id
                END
              ) IN ('text')
              OR STARTS_WITH(
                CASE
                  WHEN (
                    NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
                    OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
                  )
                  THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
                  ELSE nodes.id
                END,
                'text'
              )
              OR STARTS_WITH(
                CASE
                  WHEN (
                    NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
                    OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
                  )
                  THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
                  ELSE nodes.id
                END,
                'text'
              )
              OR STARTS_WITH(
                CASE
                  WHEN (
                    NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
                    OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
                  )
                  THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
                  ELSE nodes.id
                END,
                'text'
              )
            )
          ) AS is_placeholder
        FROM stitch_nodes AS nodes
        LEFT JOIN stitch_node_rules AS ruled
          ON ruled.id_type = nodes.id_type AND ruled.id = nodes.id
      ) AS checked
      WHERE
        NOT place IS NULL OR is_placeholder
    ) AS refused
    WHERE
      NOT place IS NULL
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE audit_nodes AS
SELECT
  (
    SELECT
      main_id
    FROM "profiles"."Material_graph_names"
    WHERE
      __profile = 1 AND (
        __from_version <= 1 AND __to_version > 1
      )
  ) AS user_main_id,
  *
FROM "profiles"."Material_graph_members"
WHERE
  __profile = 1 AND (
    __from_version <= 1 AND __to_version > 1
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE audit_nodes AS
SELECT
  __node,
  CAST(CASE other_id_type WHEN 'text' THEN 1 WHEN 'text' THEN 1 WHEN 'text' THEN 1 END AS SMALLINT) AS type_number,
  __profile
FROM "profiles"."Material_graph_members"
WHERE
  (
    __from_version <= 1 AND __to_version > 1
  )
  AND __profile IN (
    SELECT
      __profile
    FROM audit_sizes
    WHERE
      ids_0 > 1 OR ids_1 > 1 OR ids_2 > 1
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE audit_path AS
SELECT
  *
FROM audit_nodes
WHERE
  __node IN (
    SELECT
      number
    FROM audit_asked
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE audit_rows_0 AS
WITH input_logins AS (
  SELECT
    *
  FROM raw.main.logins
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
)
SELECT
  id_1,
  id_2,
  COUNT(*) AS row_count
FROM (
  WITH read_ids AS (
    SELECT
      CAST(ts AS TIMESTAMP) AS seen_at,
      CAST(user_id AS TEXT) COLLATE "C" AS id_1,
      CAST(device AS TEXT) COLLATE "C" AS id_2,
      CAST(key AS TEXT) AS sample_key
    FROM input_logins
  )
  SELECT
    id_1,
    id_2,
    seen_at,
    sample_key,
    HASH(HASH(id_1, id_2, seen_at, sample_key)) AS row_digest
  FROM read_ids
  WHERE
    NOT id_1 IS NULL OR NOT id_2 IS NULL
) AS source_rows
GROUP BY
  id_1,
  id_2;

-- execute
CREATE OR REPLACE TEMPORARY TABLE audit_rows_1 AS
WITH input_mails AS (
  SELECT
    *
  FROM raw.main.mails
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
)
SELECT
  id_1,
  id_2,
  COUNT(*) AS row_count
FROM (
  WITH read_ids AS (
    SELECT
      CAST(ts AS TIMESTAMP) AS seen_at,
      CAST(user_id AS TEXT) COLLATE "C" AS id_1,
      CAST(email AS TEXT) COLLATE "C" AS id_2
    FROM input_mails
  )
  SELECT
    id_1,
    id_2,
    seen_at,
    HASH(HASH(id_1, id_2, seen_at)) AS row_digest
  FROM read_ids
  WHERE
    NOT id_1 IS NULL OR NOT id_2 IS NULL
) AS source_rows
GROUP BY
  id_1,
  id_2;

-- execute
CREATE OR REPLACE TEMPORARY TABLE audit_sizes AS
SELECT
  __profile,
  COUNT(*) AS ids,
  COUNT_IF(other_id_type = 'text') AS ids_0,
  COUNT_IF(other_id_type = 'text') AS ids_1,
  COUNT_IF(other_id_type = 'text') AS ids_2
FROM "profiles"."Material_graph_members"
WHERE
  __from_version <= 1 AND __to_version > 1
GROUP BY
  __profile;

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_after AS
SELECT
  to_main_id AS main_id,
  CAST(COALESCE(SUM(ids), 1) AS BIGINT) AS ids,
  COUNT(from_main_id) AS parts,
  CAST(COALESCE(SUM(CASE WHEN from_main_id IS NULL THEN ids ELSE 1 END), 1) AS BIGINT) AS new_ids,
  COALESCE(MAX(CASE WHEN NOT from_main_id IS NULL THEN ids END), 1) AS largest,
  COUNT_IF(NOT from_main_id IS NULL AND persons > 1) AS person_parts,
  CAST(COALESCE(SUM(CASE WHEN to_main_id = from_main_id THEN ids ELSE 1 END), 1) AS BIGINT) AS kept
FROM diff_flows
WHERE
  NOT to_main_id IS NULL
GROUP BY
  to_main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_before AS
SELECT
  from_main_id AS main_id,
  CAST(COALESCE(SUM(ids), 1) AS BIGINT) AS ids,
  COUNT(to_main_id) AS parts,
  CAST(COALESCE(SUM(CASE WHEN to_main_id IS NULL THEN ids ELSE 1 END), 1) AS BIGINT) AS lost_ids,
  COALESCE(MAX(CASE WHEN NOT to_main_id IS NULL THEN ids END), 1) AS largest,
  COUNT_IF(NOT to_main_id IS NULL AND persons > 1) AS person_parts,
  CAST(COALESCE(SUM(CASE WHEN from_main_id = to_main_id THEN ids ELSE 1 END), 1) AS BIGINT) AS kept
FROM diff_flows
WHERE
  NOT from_main_id IS NULL
GROUP BY
  from_main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_causes AS
SELECT
  *,
  ROW_NUMBER() OVER (
    PARTITION BY main_id, CASE WHEN effect = 'text' THEN 'text' ELSE effect END
    ORDER BY n
  ) AS edge_no
FROM (
  SELECT
    edges.*,
    effects.effect
  FROM diff_joining_edges AS edges
  JOIN diff_effects AS effects
    ON edges.n = effects.n AND effects.edges_in = 'text'
  UNION ALL
  SELECT
    edges.*,
    effects.effect
  FROM diff_parting_edges AS edges
  JOIN diff_effects AS effects
    ON edges.n = effects.n AND effects.edges_in = 'text'
) AS every_one;

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_features AS
SELECT
  now.user_main_id AS main_id,
  "was"."is_active" IS DISTINCT FROM "now"."is_active" AS differs_0,
  CASE
    WHEN "was"."is_active" IS DISTINCT FROM "now"."is_active"
    THEN "was"."is_active"
  END AS was_0,
  CASE
    WHEN "was"."is_active" IS DISTINCT FROM "now"."is_active"
    THEN "now"."is_active"
  END AS now_0,
  "was"."last_device" IS DISTINCT FROM "now"."last_device" AS differs_1,
  CASE
    WHEN "was"."last_device" IS DISTINCT FROM "now"."last_device"
    THEN "was"."last_device"
  END AS was_1,
  CASE
    WHEN "was"."last_device" IS DISTINCT FROM "now"."last_device"
    THEN "now"."last_device"
  END AS now_1,
  "was"."logins" IS DISTINCT FROM "now"."logins" AS differs_2,
  CASE WHEN "was"."logins" IS DISTINCT FROM "now"."logins" THEN "was"."logins" END AS was_2,
  CASE WHEN "was"."logins" IS DISTINCT FROM "now"."logins" THEN "now"."logins" END AS now_2,
  "was"."spent" IS DISTINCT FROM "now"."spent" AS differs_3,
  CASE WHEN "was"."spent" IS DISTINCT FROM "now"."spent" THEN "was"."spent" END AS was_3,
  CASE WHEN "was"."spent" IS DISTINCT FROM "now"."spent" THEN "now"."spent" END AS now_3
FROM "profiles"."Material_user_feature_view" AS was
JOIN "profiles"."Material_user_feature_view" AS now
  ON was.user_main_id = now.user_main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_flows AS
SELECT
  was.main_id AS from_main_id,
  now.main_id AS to_main_id,
  COUNT(*) AS ids,
  COUNT_IF(COALESCE(was.id_type, now.id_type) = 'text') AS persons
FROM (
  SELECT
    user_main_id AS main_id,
    other_id AS id,
    other_id_type AS id_type
  FROM "profiles"."Material_graph"
) AS was
FULL JOIN (
  SELECT
    user_main_id AS main_id,
    other_id AS id,
    other_id_type AS id_type
  FROM "profiles"."Material_graph"
) AS now
  ON was.id = now.id AND was.id_type = now.id_type
GROUP BY
  was.main_id,
  now.main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_flows AS
SELECT
  was.main_id AS from_main_id,
  now.main_id AS to_main_id,
  COUNT(*) AS ids,
  COUNT_IF(COALESCE(was.id_type, now.id_type) = 'text') AS persons
FROM (
  SELECT
    user_main_id AS main_id,
    other_id AS id,
    other_id_type AS id_type
  FROM diff_ids_before
) AS was
FULL JOIN (
  SELECT
    user_main_id AS main_id,
    other_id AS id,
    other_id_type AS id_type
  FROM diff_ids_after
) AS now
  ON was.id = now.id AND was.id_type = now.id_type
GROUP BY
  was.main_id,
  now.main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_ids_after AS
SELECT
  names.main_id AS user_main_id,
  members.*
FROM "profiles"."Material_graph_members" AS members
JOIN "profiles"."Material_graph_names" AS names
  ON names.__profile = members.__profile
  AND (
    names.__from_version <= 1 AND names.__to_version > 1
  )
WHERE
  (
    members.__from_version <= 1 AND members.__to_version > 1
  )
  AND members.__profile IN (
    SELECT
      __profile
    FROM diff_touched
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_ids_after AS
SELECT
  names.main_id AS user_main_id,
  members.*
FROM "profiles"."Material_graph_members" AS members
JOIN "profiles"."Material_graph_names" AS names
  ON names.__profile = members.__profile
  AND (
    names.__from_version <= 1 AND names.__to_version > 1
  )
WHERE
  (
    members.__from_version <= 1 AND members.__to_version > 1
  )
  AND names.main_id IN (
    SELECT
      main_id
    FROM diff_after
    WHERE
      NOT main_id IN (
        SELECT
          flows.to_main_id
        FROM diff_flows AS flows
        JOIN diff_after AS now
          ON now.main_id = flows.to_main_id
        JOIN diff_before AS was
          ON was.main_id = flows.from_main_id
        WHERE
          now.ids = flows.ids AND was.ids = flows.ids
      )
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_ids_before AS
SELECT
  names.main_id AS user_main_id,
  members.*
FROM "profiles"."Material_graph_members" AS members
JOIN "profiles"."Material_graph_names" AS names
  ON names.__profile = members.__profile
  AND (
    names.__from_version <= 1 AND names.__to_version > 1
  )
WHERE
  (
    members.__from_version <= 1 AND members.__to_version > 1
  )
  AND members.__profile IN (
    SELECT
      __profile
    FROM diff_touched
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_ids_before AS
SELECT
  names.main_id AS user_main_id,
  members.*
FROM "profiles"."Material_graph_members" AS members
JOIN "profiles"."Material_graph_names" AS names
  ON names.__profile = members.__profile
  AND (
    names.__from_version <= 1 AND names.__to_version > 1
  )
WHERE
  (
    members.__from_version <= 1 AND members.__to_version > 1
  )
  AND names.main_id IN (
    SELECT
      main_id
    FROM diff_before
    WHERE
      NOT main_id IN (
        SELECT
          flows.from_main_id
        FROM diff_flows AS flows
        JOIN diff_after AS now
          ON now.main_id = flows.to_main_id
        JOIN diff_before AS was
          ON was.main_id = flows.from_main_id
        WHERE
          now.ids = flows.ids AND was.ids = flows.ids
      )
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_joining_edges AS
SELECT
  found.*,
  CASE
    WHEN NOT COALESCE(pair.rule, first.rule, second.rule) IS NULL
    THEN 'text' || COALESCE(pair.rule, first.rule, second.rule)
    WHEN found.first_seen_at > CAST('text' AS TIMESTAMP)
    THEN 'text'
    ELSE 'text'
  END AS cause,
  ROW_NUMBER() OVER (
    ORDER BY found.first_seen_at, found.source, found.id1_type, found.id1, found.id2_type, found.id2, found.main_id
  ) - 1 AS n
FROM (
  SELECT
    edges.id1,
    edges.id1_type,
    edges.id2,
    edges.id2_type,
    edges.source,
    edges.row_count,
    edges.first_seen_at,
    edges.sample_key,
    edges.user_main_id AS main_id,
    CASE
      WHEN NOT a.main_id IS NULL
      THEN 'text' || a.main_id
      ELSE 'text' || edges.id1_type || 'text' || edges.id1
    END AS one,
    CASE
      WHEN NOT b.main_id IS NULL
      THEN 'text' || b.main_id
      ELSE 'text' || edges.id2_type || 'text' || edges.id2
    END AS other
  FROM (
    SELECT
      CASE
        WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
        THEN b.other_id
        ELSE a.other_id
      END AS id1,
      a.other_id_type AS id1_type,
      CASE
        WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
        THEN a.other_id
        ELSE b.other_id
      END AS id2,
      b.other_id_type AS id2_type,
      CASE evidence.__source WHEN 1 THEN 'text' WHEN 1 THEN 'text' ELSE 'text' END AS source,
      CAST(SUM(evidence.row_count) AS BIGINT) AS row_count,
      MIN(evidence.first_seen_at) AS first_seen_at,
      MAX(evidence.last_seen_at) AS last_seen_at,
      COALESCE(ARG_MIN(evidence.sample_key, evidence.first_seen_at), MIN(evidence.sample_key)) AS sample_key,
      a.user_main_id AS user_main_id
    FROM "profiles"."Material_graph_evidence" AS evidence
    JOIN diff_ids_after AS a
      ON a.__node = evidence.__left
    JOIN diff_ids_after AS b
      ON b.__node = evidence.__right
    WHERE
      evidence.__left <> evidence.__right
      AND (
        evidence.__from_version <= 1 AND evidence.__to_version > 1
      )
      AND (
        b.__from_version <= 1 AND b.__to_version > 1
      )
      AND NOT EXISTS(
        SELECT
          1
        FROM "profiles"."Material_graph_dropped" AS gone
        WHERE
          gone.left_node = CASE
            WHEN evidence.__left IS NULL OR evidence.__right IS NULL
            THEN NULL
            ELSE LEAST(evidence.__left, evidence.__right)
          END
          AND gone.right_node = CASE
            WHEN evidence.__left IS NULL OR evidence.__right IS NULL
            THEN NULL
            ELSE GREATEST(evidence.__left, evidence.__right)
          END
          AND (
            gone.__from_version <= 1 AND gone.__to_version > 1
          )
      )
    GROUP BY
      a.other_id,
      b.other_id,
      a.other_id_type,
      b.other_id_type,
      evidence.__source,
      a.user_main_id
  ) AS edges
  JOIN diff_after AS profiles
    ON profiles.main_id = edges.user_main_id
  LEFT JOIN (
    SELECT
      user_main_id AS main_id,
      other_id AS id,
      other_id_type AS id_type
    FROM diff_ids_before
  ) AS a
    ON a.id = edges.id1 AND a.id_type = edges.id1_type
  LEFT JOIN (
    SELECT
      user_main_id AS main_id,
      other_id AS id,
      other_id_type AS id_type
    FROM diff_ids_before
  ) AS b
    ON b.id = edges.id2 AND b.id_type = edges.id2_type
  WHERE
    (
      profiles.parts > 1 AND profiles.ids <> profiles.largest
    )
    AND (
      a.main_id IS DISTINCT FROM b.main_id OR a.main_id IS NULL
    )
) AS found
LEFT JOIN (
  SELECT
    id1,
    id1_type,
    id2,
    id2_type,
    MIN(rule) AS rule
  FROM (
    SELECT
      id1,
      id1_type,
      id2,
      id2_type,
      rule
    FROM (
      SELECT
        *
      FROM "profiles"."Material_graph_quarantine"
    ) AS every_one
    WHERE
      NOT id2 IS NULL
    UNION ALL
    SELECT
      id2 AS id1,
      id2_type AS id1_type,
      id1 AS id2,
      id1_type AS id2_type,
      rule
    FROM (
      SELECT
        *
      FROM "profiles"."Material_graph_quarantine"
    ) AS every_one
    WHERE
      NOT id2 IS NULL
  ) AS both_ways
  GROUP BY
    id1,
    id1_type,
    id2,
    id2_type
) AS pair
  ON (
    pair.id1 = found.id1 AND pair.id1_type = found.id1_type
  )
  AND (
    pair.id2 = found.id2 AND pair.id2_type = found.id2_type
  )
LEFT JOIN (
  SELECT
    id1,
    id1_type,
    MIN(rule) AS rule
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_quarantine"
  ) AS every_one
  WHERE
    id2 IS NULL
  GROUP BY
    id1,
    id1_type
) AS first
  ON first.id1 = found.id1 AND first.id1_type = found.id1_type
LEFT JOIN (
  SELECT
    id1,
    id1_type,
    MIN(rule) AS rule
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_quarantine"
  ) AS every_one
  WHERE
    id2 IS NULL
  GROUP BY
    id1,
    id1_type
) AS second
  ON second.id1 = found.id2 AND second.id1_type = found.id2_type;

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_parting_edges AS
SELECT
  found.*,
  CASE
    WHEN NOT COALESCE(pair.rule, first.rule, second.rule) IS NULL
    THEN 'text' || COALESCE(pair.rule, first.rule, second.rule)
    ELSE 'text'
  END AS cause,
  ROW_NUMBER() OVER (
    ORDER BY found.first_seen_at, found.source, found.id1_type, found.id1, found.id2_type, found.id2, found.main_id
  ) - 1 AS n
FROM (
  SELECT
    edges.id1,
    edges.id1_type,
    edges.id2,
    edges.id2_type,
    edges.source,
    edges.row_count,
    edges.first_seen_at,
    edges.sample_key,
    edges.user_main_id AS main_id,
    CASE
      WHEN NOT a.main_id IS NULL
      THEN 'text' || a.main_id
      ELSE 'text' || edges.id1_type || 'text' || edges.id1
    END AS one,
    CASE
      WHEN NOT b.main_id IS NULL
      THEN 'text' || b.main_id
      ELSE 'text' || edges.id2_type || 'text' || edges.id2
    END AS other
  FROM (
    SELECT
      CASE
        WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
        THEN b.other_id
        ELSE a.other_id
      END AS id1,
      a.other_id_type AS id1_type,
      CASE
        WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
        THEN a.other_id
        ELSE b.other_id
      END AS id2,
      b.other_id_type AS id2_type,
      CASE evidence.__source WHEN 1 THEN 'text' WHEN 1 THEN 'text' ELSE 'text' END AS source,
      CAST(SUM(evidence.row_count) AS BIGINT) AS row_count,
      MIN(evidence.first_seen_at) AS first_seen_at,
      MAX(evidence.last_seen_at) AS last_seen_at,
      COALESCE(ARG_MIN(evidence.sample_key, evidence.first_seen_at), MIN(evidence.sample_key)) AS sample_key,
      a.user_main_id AS user_main_id
    FROM "profiles"."Material_graph_evidence" AS evidence
    JOIN diff_ids_before AS a
      ON a.__node = evidence.__left
    JOIN diff_ids_before AS b
      ON b.__node = evidence.__right
    WHERE
      evidence.__left <> evidence.__right
      AND (
        evidence.__from_version <= 1 AND evidence.__to_version > 1
      )
      AND (
        b.__from_version <= 1 AND b.__to_version > 1
      )
      AND NOT EXISTS(
        SELECT
          1
        FROM "profiles"."Material_graph_dropped" AS gone
        WHERE
          gone.left_node = CASE
            WHEN evidence.__left IS NULL OR evidence.__right IS NULL
            THEN NULL
            ELSE LEAST(evidence.__left, evidence.__right)
          END
          AND gone.right_node = CASE
            WHEN evidence.__left IS NULL OR evidence.__right IS NULL
            THEN NULL
            ELSE GREATEST(evidence.__left, evidence.__right)
          END
          AND (
            gone.__from_version <= 1 AND gone.__to_version > 1
          )
      )
    GROUP BY
      a.other_id,
      b.other_id,
      a.other_id_type,
      b.other_id_type,
      evidence.__source,
      a.user_main_id
  ) AS edges
  JOIN diff_before AS profiles
    ON profiles.main_id = edges.user_main_id
  LEFT JOIN (
    SELECT
      user_main_id AS main_id,
      other_id AS id,
      other_id_type AS id_type
    FROM diff_ids_after
  ) AS a
    ON a.id = edges.id1 AND a.id_type = edges.id1_type
  LEFT JOIN (
    SELECT
      user_main_id AS main_id,
      other_id AS id,
      other_id_type AS id_type
    FROM diff_ids_after
  ) AS b
    ON b.id = edges.id2 AND b.id_type = edges.id2_type
  WHERE
    profiles.parts > 1
    AND (
      a.main_id IS DISTINCT FROM b.main_id OR a.main_id IS NULL
    )
) AS found
LEFT JOIN (
  SELECT
    id1,
    id1_type,
    id2,
    id2_type,
    MIN(rule) AS rule
  FROM (
    SELECT
      id1,
      id1_type,
      id2,
      id2_type,
      rule
    FROM (
      SELECT
        *
      FROM "profiles"."Material_graph_quarantine"
    ) AS every_one
    WHERE
      NOT id2 IS NULL
    UNION ALL
    SELECT
      id2 AS id1,
      id2_type AS id1_type,
      id1 AS id2,
      id1_type AS id2_type,
      rule
    FROM (
      SELECT
        *
      FROM "profiles"."Material_graph_quarantine"
    ) AS every_one
    WHERE
      NOT id2 IS NULL
  ) AS both_ways
  GROUP BY
    id1,
    id1_type,
    id2,
    id2_type
) AS pair
  ON (
    pair.id1 = found.id1 AND pair.id1_type = found.id1_type
  )
  AND (
    pair.id2 = found.id2 AND pair.id2_type = found.id2_type
  )
LEFT JOIN (
  SELECT
    id1,
    id1_type,
    MIN(rule) AS rule
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_quarantine"
  ) AS every_one
  WHERE
    id2 IS NULL
  GROUP BY
    id1,
    id1_type
) AS first
  ON first.id1 = found.id1 AND first.id1_type = found.id1_type
LEFT JOIN (
  SELECT
    id1,
    id1_type,
    MIN(rule) AS rule
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_quarantine"
  ) AS every_one
  WHERE
    id2 IS NULL
  GROUP BY
    id1,
    id1_type
) AS second
  ON second.id1 = found.id2 AND second.id1_type = found.id2_type;

-- execute
CREATE OR REPLACE TEMPORARY TABLE diff_touched AS
SELECT
  __profile
FROM "profiles"."Material_graph_members"
WHERE
  (
    (
      __from_version <= 1 AND __to_version > 1
    )
    OR (
      __from_version <= 1 AND __to_version > 1
    )
  )
  AND NOT (
    (
      __from_version <= 1 AND __to_version > 1
    )
    AND (
      __from_version <= 1 AND __to_version > 1
    )
  )
UNION
SELECT
  __profile
FROM "profiles"."Material_graph_names"
WHERE
  (
    (
      __from_version <= 1 AND __to_version > 1
    )
    OR (
      __from_version <= 1 AND __to_version > 1
    )
  )
  AND NOT (
    (
      __from_version <= 1 AND __to_version > 1
    )
    AND (
      __from_version <= 1 AND __to_version > 1
    )
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE main_ids_given AS
SELECT DISTINCT
  main_id,
  other_id,
  other_id_type
FROM (
  SELECT
    CAST("user_main_id" AS TEXT) COLLATE "C" AS main_id,
    CAST("other_id" AS TEXT) COLLATE "C" AS other_id,
    CAST("other_id_type" AS TEXT) COLLATE "C" AS other_id_type
  FROM main_ids_file
) AS read_rows
WHERE
  NOT main_id IS NULL
  AND NOT other_id IS NULL
  AND NOT other_id_type IS NULL
  AND main_id <> 'text'
  AND other_id <> 'text'
  AND other_id_type <> 'text';

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_affected_anchors AS
SELECT
  main_id,
  current_main_id,
  anchor_id,
  anchor_id_type,
  since_seq_no
FROM stitch_resolving_anchors AS resolving_anchors
UNION
SELECT
  main_id,
  current_main_id,
  anchor_id,
  anchor_id_type,
  since_seq_no
FROM stitch_restored_anchors AS restored_anchors;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_affected_ids AS
SELECT
  __left AS __node
FROM (
  SELECT
    *
  FROM stitch_inserted_counting
) AS inserted
UNION
SELECT
  __right AS __node
FROM (
  SELECT
    *
  FROM stitch_inserted_counting
) AS inserted
UNION
SELECT
  __left AS __node
FROM (
  SELECT
    *
  FROM stitch_deleted_counting
) AS deleted
UNION
SELECT
  __right AS __node
FROM (
  SELECT
    *
  FROM stitch_deleted_counting
) AS deleted;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_affected_main_ids AS
SELECT
  names.main_id,
  affected.__profile,
  affected.is_whole,
  affected.ids
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_names"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS names
JOIN stitch_affected_profiles AS affected
  ON names.__profile = affected.__profile;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_affected_members AS
SELECT
  other_id,
  other_id_type,
  valid_at,
  first_seen_at,
  __profile,
  __node
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS members
WHERE
  __profile IN (
    SELECT
      __profile
    FROM stitch_affected_profiles AS affected_profiles
    WHERE
      is_whole
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_anchored AS
SELECT
  found.main_id,
  found.was_main_id,
  found.since_seq_no,
  CASE WHEN moved.main_id IS NULL THEN found.anchor_id ELSE moved.id END AS anchor_id,
  CASE WHEN moved.main_id IS NULL THEN found.anchor_id_type ELSE moved.id_type END AS anchor_id_type,
  CASE WHEN moved.main_id IS NULL THEN found.node ELSE moved.node END AS node,
  CASE WHEN moved.main_id IS NULL THEN found.component ELSE moved.component END AS component,
  CASE
    WHEN moved.main_id IS NULL
    THEN found.first_seen_at
    ELSE moved.first_seen_at
  END AS first_seen_at,
  NOT moved.main_id IS NULL AND NOT found.since_seq_no IS NULL AS is_reanchored
FROM stitch_found_anchors AS found
LEFT JOIN stitch_new_anchors AS moved
  ON found.main_id = moved.main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_anchors_of_run AS
SELECT
  main_id,
  now_main_id AS current_main_id,
  anchor_id,
  anchor_id_type,
  CASE
    WHEN now_main_id IS NOT DISTINCT FROM was_main_id AND NOT since_seq_no IS NULL
    THEN since_seq_no
    ELSE CAST(1 AS BIGINT)
  END AS since_seq_no
FROM stitch_resolved AS resolved
UNION ALL
SELECT
  created.main_id,
  created.main_id AS current_main_id,
  created.id AS anchor_id,
  created.id_type AS anchor_id_type,
  CAST(1 AS BIGINT) AS since_seq_no
FROM stitch_created AS created
LEFT JOIN stitch_resolved AS resolved
  ON created.main_id = resolved.main_id
WHERE
  resolved.main_id IS NULL;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_changed_lists AS
SELECT
  *
FROM (
  SELECT
    list_number,
    id_type,
    id
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_lists"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS lists
  EXCEPT
  SELECT
    list_number,
    id_type,
    id
  FROM stitch_lists_now AS lists_now
) AS gone
UNION
SELECT
  *
FROM (
  SELECT
    list_number,
    id_type,
    id
  FROM stitch_lists_now AS lists_now
  EXCEPT
  SELECT
    list_number,
    id_type,
    id
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_lists"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS lists
) AS added;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_clashing AS
SELECT
  proposed.component,
  proposed.node,
  proposed.id,
  proposed.id_type,
  proposed.main_id,
  proposed.attempt
FROM stitch_proposed AS proposed
LEFT JOIN stitch_created AS created
  ON proposed.component = created.component
WHERE
  created.component IS NULL;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_counted AS
SELECT
  __left AS node
FROM stitch_inserted_evidence AS inserted_evidence
WHERE
  __left <> __right
UNION
SELECT
  __right AS node
FROM stitch_inserted_evidence AS inserted_evidence
WHERE
  __left <> __right
UNION
SELECT
  __left AS node
FROM stitch_deleted_evidence AS deleted_evidence
WHERE
  __left <> __right
UNION
SELECT
  __right AS node
FROM stitch_deleted_evidence AS deleted_evidence
WHERE
  __left <> __right;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_counted_ids AS
SELECT
  CAST(__node AS BIGINT) AS node,
  other_id_type AS id_type,
  other_id AS id
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS members
WHERE
  __node IN (
    SELECT
      node
    FROM (
      SELECT
        node
      FROM stitch_counted
    ) AS wanted
  )
UNION
SELECT
  CAST(node AS BIGINT) AS node,
  CAST(id_type AS TEXT) AS id_type,
  CAST(id AS TEXT) AS id
FROM stitch_numbered_ids AS numbered_ids
WHERE
  node IN (
    SELECT
      node
    FROM (
      SELECT
        node
      FROM stitch_counted
    ) AS wanted
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_created AS
SELECT
  component,
  node,
  id,
  id_type,
  generated_id AS main_id
FROM stitch_earliest AS earliest;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_created AS
SELECT
  proposed.component,
  proposed.node,
  proposed.id,
  proposed.id_type,
  proposed.main_id
FROM stitch_proposed AS proposed
LEFT JOIN (
  SELECT
    *
  FROM "profiles"."Material_graph_anchors"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS published
  ON proposed.main_id = published.main_id
WHERE
  published.main_id IS NULL;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_created AS
SELECT
  proposed.component,
  proposed.node,
  proposed.id,
  proposed.id_type,
  proposed.main_id
FROM stitch_proposed AS proposed
LEFT JOIN (
  SELECT
    main_id
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_anchors"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS anchors
) AS published
  ON proposed.main_id = published.main_id
WHERE
  published.main_id IS NULL;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_created AS
SELECT
  proposed.component,
  proposed.node,
  proposed.id,
  proposed.id_type,
  proposed.main_id
FROM stitch_proposed AS proposed
LEFT JOIN (
  SELECT
    main_id,
    current_main_id,
    anchor_id,
    anchor_id_type,
    since_seq_no
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_anchors"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS published_anchors
  UNION ALL
  SELECT
    migrated.main_id,
    migrated.current_main_id,
    migrated.anchor_id,
    migrated.anchor_id_type,
    migrated.since_seq_no
  FROM "profiles"."GRAPH_MIGRATED_ANCHORS" AS migrated
  LEFT JOIN (
    SELECT
      *
    FROM "profiles"."Material_graph_anchors"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS known
    ON migrated.main_id = known.main_id
  WHERE
    known.main_id IS NULL
) AS published
  ON proposed.main_id = published.main_id
WHERE
  published.main_id IS NULL;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_current_main_ids AS
SELECT
  anchored.main_id,
  COALESCE(created.main_id, named.main_id) AS now_main_id
FROM stitch_anchored AS anchored
LEFT JOIN stitch_created AS created
  ON anchored.main_id = created.main_id
LEFT JOIN stitch_named AS named
  ON anchored.component = named.component;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_cut AS
SELECT
  over_limit.limit_number,
  over_limit.neighbours,
  over_limit.node,
  neighbourhood.neighbour
FROM stitch_over_limit_now AS over_limit
JOIN (
  SELECT
    edges.left_node AS node,
    edges.right_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.left_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.right_node
  WHERE
    edges.left_node <> edges.right_node
  UNION ALL
  SELECT
    edges.right_node AS node,
    edges.left_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.right_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.left_node
  WHERE
    edges.left_node <> edges.right_node
) AS neighbourhood
  ON over_limit.limit_number = 1 AND neighbourhood.node = over_limit.node
UNION ALL
SELECT
  over_limit.limit_number,
  over_limit.neighbours,
  over_limit.node,
  neighbourhood.neighbour
FROM stitch_over_limit_now AS over_limit
JOIN (
  SELECT
    edges.left_node AS node,
    edges.right_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.left_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.right_node
  WHERE
    edges.left_node <> edges.right_node
  UNION ALL
  SELECT
    edges.right_node AS node,
    edges.left_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.right_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.left_node
  WHERE
    edges.left_node <> edges.right_node
) AS neighbourhood
  ON over_limit.limit_number = 1 AND neighbourhood.node = over_limit.node
UNION ALL
SELECT
  over_limit.limit_number,
  over_limit.neighbours,
  over_limit.node,
  neighbourhood.neighbour
FROM stitch_over_limit_now AS over_limit
JOIN (
  SELECT
    edges.left_node AS node,
    edges.right_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.left_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.right_node
  WHERE
    edges.left_node <> edges.right_node
  UNION ALL
  SELECT
    edges.right_node AS node,
    edges.left_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.right_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.left_node
  WHERE
    edges.left_node <> edges.right_node
) AS neighbourhood
  ON over_limit.limit_number = 1 AND neighbourhood.node = over_limit.node;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_deleted_anchors AS
SELECT
  main_id,
  current_main_id,
  anchor_id,
  anchor_id_type,
  since_seq_no
FROM stitch_affected_anchors AS affected_anchors
EXCEPT
SELECT
  main_id,
  current_main_id,
  anchor_id,
  anchor_id_type,
  since_seq_no
FROM stitch_anchors_of_run AS anchors_of_run;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_deleted_counting AS
SELECT
  __left,
  __right,
  __source,
  __day,
  first_seen_at
FROM stitch_links_before AS links_before
EXCEPT
SELECT
  __left,
  __right,
  __source,
  __day,
  first_seen_at
FROM stitch_links_now AS links_now;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_deleted_dropped AS
SELECT
  left_node,
  right_node
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_dropped"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS dropped
WHERE
  left_node IN (
    SELECT
      node
    FROM stitch_counted AS counted
  )
  OR right_node IN (
    SELECT
      node
    FROM stitch_counted AS counted
  )
EXCEPT
SELECT
  CAST(left_node AS BIGINT) AS left_node,
  CAST(right_node AS BIGINT) AS right_node
FROM stitch_dropped_now AS dropped_now;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_deleted_evidence AS
SELECT
  __left,
  __right,
  __source,
  __day,
  row_count,
  first_seen_at,
  last_seen_at,
  sample_key
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_evidence"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS evidence
WHERE
  EXISTS(
    SELECT
      1
    FROM stitch_changed_days AS changed
    WHERE
      changed.__source = evidence.__source
      AND changed.__day IS NOT DISTINCT FROM evidence.__day
  )
EXCEPT
SELECT
  __left,
  __right,
  __source,
  __day,
  row_count,
  first_seen_at,
  last_seen_at,
  sample_key
FROM stitch_new_evidence AS new_evidence;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_deleted_members AS
SELECT
  __node
FROM (
  SELECT
    other_id,
    other_id_type,
    valid_at,
    first_seen_at,
    __profile,
    __node
  FROM stitch_affected_members AS affected_members
  EXCEPT
  SELECT
    id AS other_id,
    id_type AS other_id_type,
    valid_at,
    first_seen_at,
    CAST(component AS BIGINT) AS __profile,
    CAST(node AS BIGINT) AS __node
  FROM stitch_solved AS solved
) AS changed
UNION ALL
SELECT
  __node
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS members
WHERE
  __profile IN (
    SELECT
      __profile
    FROM stitch_lost_profiles AS lost_profiles
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_deleted_names AS
SELECT
  __profile,
  main_id
FROM stitch_affected_main_ids AS affected_main_ids
EXCEPT
SELECT
  CAST(numbers.profile AS BIGINT) AS __profile,
  named.main_id
FROM stitch_named AS named
JOIN stitch_profile_numbers AS numbers
  ON named.component = numbers.component;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_deleted_over_limit AS
SELECT
  limit_number,
  node,
  neighbours
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_over_limit"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS over_limit
EXCEPT
SELECT
  limit_number,
  node,
  neighbours
FROM stitch_over_limit_now AS over_limit_now;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_deleted_quarantined AS
SELECT
  rule,
  id1,
  id1_type,
  id2,
  id2_type,
  __source,
  __day,
  row_count,
  first_seen_at,
  sample_key,
  found,
  allowed,
  reason
FROM stitch_quarantined_before AS quarantined_before
EXCEPT
SELECT
  rule,
  id1,
  id1_type,
  id2,
  id2_type,
  __source,
  __day,
  row_count,
  first_seen_at,
  sample_key,
  found,
  allowed,
  reason
FROM stitch_quarantined_now AS quarantined_now;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_dropped_now AS
SELECT DISTINCT
  left_node,
  right_node
FROM (
  SELECT
    CASE
      WHEN node IS NULL OR neighbour IS NULL
      THEN NULL
      ELSE LEAST(node, neighbour)
    END AS left_node,
    CASE
      WHEN node IS NULL OR neighbour IS NULL
      THEN NULL
      ELSE GREATEST(node, neighbour)
    END AS right_node
  FROM stitch_cut
  UNION
  SELECT
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE LEAST(left_node, right_node)
    END AS left_node,
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE GREATEST(left_node, right_node)
    END AS right_node
  FROM (
    SELECT
      a.node AS left_node,
      b.node AS right_node
    FROM stitch_rules AS rules
    JOIN stitch_nodes AS a
      ON a.id_type = rules.type_a AND a.id = rules.id_a
    JOIN stitch_nodes AS b
      ON b.id_type = rules.type_b AND b.id = rules.id_b
    WHERE
      rules.action = 'text'
  ) AS excluded
) AS dropped
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM (
      SELECT
        CASE
          WHEN left_node IS NULL OR right_node IS NULL
          THEN NULL
          ELSE LEAST(left_node, right_node)
        END AS left_node,
        CASE
          WHEN left_node IS NULL OR right_node IS NULL
          THEN NULL
          ELSE GREATEST(left_node, right_node)
        END AS right_node
      FROM (
        SELECT
          a.node AS left_node,
          b.node AS right_node
        FROM stitch_rules AS rules
        JOIN stitch_nodes AS a
          ON a.id_type = rules.type_a AND a.id = rules.id_a
        JOIN stitch_nodes AS b
          ON b.id_type = rules.type_b AND b.id = rules.id_b
        WHERE
          rules.action = 'text'
      ) AS named
    ) AS kept
    WHERE
      kept.left_node = dropped.left_node AND kept.right_node = dropped.right_node
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_events_of_run AS
SELECT
  'text' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(1 AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_resolved AS resolved
WHERE
  since_seq_no IS NULL
UNION ALL
SELECT
  CASE
    WHEN fresh.was_published
    THEN 'text'
    WHEN NOT origins.from_main_id IS NULL
    THEN 'text'
    ELSE 'text'
  END AS event,
  fresh.main_id,
  origins.from_main_id AS previous_main_id,
  CAST(COALESCE(origins.ids, 1) AS BIGINT) AS ids_moved,
  CASE
    WHEN FALSE
    THEN 'text'
    WHEN NOT origins.from_main_id IS NULL
    THEN 'text'
    WHEN fresh.was_published
    THEN 'text'
    ELSE 'text'
  END AS cause
FROM stitch_new_main_ids AS fresh
LEFT JOIN stitch_origins AS origins
  ON fresh.main_id = origins.main_id
UNION ALL
SELECT
  'text' AS event,
  was.now_main_id AS main_id,
  was.main_id AS previous_main_id,
  CAST(COALESCE(moves.ids, 1) AS BIGINT) AS ids_moved,
  CASE
    WHEN FALSE
    THEN 'text'
    WHEN was.was_main_id = was.main_id
    THEN 'text'
    ELSE 'text'
  END AS cause
FROM stitch_resolved AS was
LEFT JOIN stitch_moves AS moves
  ON moves.from_main_id = was.main_id AND moves.to_main_id = was.now_main_id
WHERE
  was.now_main_id <> was.main_id
  AND (
    was.was_main_id = was.main_id OR was.follows IS DISTINCT FROM was.now_main_id
  )
UNION ALL
SELECT
  'text' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(1 AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_resolved AS resolved
WHERE
  was_main_id = main_id AND now_main_id IS NULL
UNION ALL
SELECT
  'text' AS event,
  moves.to_main_id AS main_id,
  moves.from_main_id AS previous_main_id,
  CAST(COALESCE(moves.ids, 1) AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_moves AS moves
JOIN stitch_resolved AS previous
  ON previous.main_id = moves.from_main_id
LEFT JOIN stitch_origins AS origins
  ON origins.main_id = moves.to_main_id AND origins.from_main_id = moves.from_main_id
WHERE
  previous.now_main_id IS DISTINCT FROM moves.to_main_id
  AND origins.main_id IS NULL
UNION ALL
SELECT
  'text' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(1 AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_resolved AS resolved
WHERE
  is_reanchored;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_found AS
SELECT
  __left AS left_node,
  __right AS right_node,
  __source,
  row_count,
  first_seen_at AS seen_at,
  sample_key
FROM (
  SELECT
    *
  FROM (
    SELECT
      __left,
      __right,
      __source,
      __day,
      row_count,
      first_seen_at,
      last_seen_at,
      sample_key
    FROM (
      SELECT
        *
      FROM "profiles"."Material_graph_evidence"
      WHERE
        __from_version <= 1 AND __to_version > 1
    ) AS evidence
    WHERE
      __left IN (
        SELECT
          node
        FROM (
          SELECT
            node
          FROM stitch_counted
        ) AS wanted
      )
      OR __right IN (
        SELECT
          node
        FROM (
          SELECT
            node
          FROM stitch_counted
        ) AS wanted
      )
    EXCEPT
    SELECT
      __left,
      __right,
      __source,
      __day,
      row_count,
      first_seen_at,
      last_seen_at,
      sample_key
    FROM stitch_deleted_evidence AS deleted_evidence
  ) AS remaining
  UNION ALL
  SELECT
    __left,
    __right,
    __source,
    __day,
    row_count,
    first_seen_at,
    last_seen_at,
    sample_key
  FROM stitch_inserted_evidence AS inserted_evidence
  WHERE
    __left IN (
      SELECT
        node
      FROM (
        SELECT
          node
        FROM stitch_counted
      ) AS wanted
    )
    OR __right IN (
      SELECT
        node
      FROM (
        SELECT
          node
        FROM stitch_counted
      ) AS wanted
    )
) AS evidence_now
WHERE
  __left <> __right AND __source >= 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_found_anchors AS
SELECT
  anchors.main_id,
  anchors.current_main_id AS was_main_id,
  anchors.anchor_id,
  anchors.anchor_id_type,
  anchors.since_seq_no,
  graph.node,
  graph.component,
  graph.first_seen_at
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_anchors"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS anchors
LEFT JOIN stitch_graph AS graph
  ON anchors.anchor_id = graph.id AND anchors.anchor_id_type = graph.id_type;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_found_anchors AS
SELECT
  anchors.main_id,
  anchors.current_main_id AS was_main_id,
  anchors.anchor_id,
  anchors.anchor_id_type,
  anchors.since_seq_no,
  graph.node,
  graph.component,
  graph.first_seen_at
FROM (
  SELECT
    *
  FROM stitch_affected_anchors
) AS anchors
LEFT JOIN stitch_graph AS graph
  ON anchors.anchor_id = graph.id AND anchors.anchor_id_type = graph.id_type;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_found_anchors AS
SELECT
  anchors.main_id,
  anchors.current_main_id AS was_main_id,
  anchors.anchor_id,
  anchors.anchor_id_type,
  anchors.since_seq_no,
  graph.node,
  graph.component,
  graph.first_seen_at
FROM (
  SELECT
    main_id,
    current_main_id,
    anchor_id,
    anchor_id_type,
    since_seq_no
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_anchors"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS published_anchors
  UNION ALL
  SELECT
    migrated.main_id,
    migrated.current_main_id,
    migrated.anchor_id,
    migrated.anchor_id_type,
    migrated.since_seq_no
  FROM "profiles"."GRAPH_MIGRATED_ANCHORS" AS migrated
  LEFT JOIN (
    SELECT
      *
    FROM "profiles"."Material_graph_anchors"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS known
    ON migrated.main_id = known.main_id
  WHERE
    known.main_id IS NULL
) AS anchors
LEFT JOIN stitch_graph AS graph
  ON anchors.anchor_id = graph.id AND anchors.anchor_id_type = graph.id_type;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_found_edges AS
SELECT
  left_node,
  right_node,
  MIN(seen_at) AS seen_at
FROM stitch_found AS found
GROUP BY
  left_node,
  right_node;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_found_nodes AS
SELECT
  left_node AS node
FROM stitch_found AS found
UNION
SELECT
  right_node AS node
FROM stitch_found AS found;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_inserted_anchors AS
SELECT
  main_id,
  current_main_id,
  anchor_id,
  anchor_id_type,
  since_seq_no
FROM stitch_anchors_of_run AS anchors_of_run
EXCEPT
SELECT
  main_id,
  current_main_id,
  anchor_id,
  anchor_id_type,
  since_seq_no
FROM stitch_affected_anchors AS affected_anchors;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_inserted_counting AS
SELECT
  __left,
  __right,
  __source,
  __day,
  first_seen_at
FROM stitch_links_now AS links_now
EXCEPT
SELECT
  __left,
  __right,
  __source,
  __day,
  first_seen_at
FROM stitch_links_before AS links_before;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_inserted_dropped AS
SELECT
  CAST(left_node AS BIGINT) AS left_node,
  CAST(right_node AS BIGINT) AS right_node
FROM stitch_dropped_now AS dropped_now
EXCEPT
SELECT
  left_node,
  right_node
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_dropped"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS dropped
WHERE
  left_node IN (
    SELECT
      node
    FROM stitch_counted AS counted
  )
  OR right_node IN (
    SELECT
      node
    FROM stitch_counted AS counted
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_inserted_evidence AS
SELECT
  __left,
  __right,
  __source,
  __day,
  row_count,
  first_seen_at,
  last_seen_at,
  sample_key
FROM stitch_new_evidence AS new_evidence
EXCEPT
SELECT
  __left,
  __right,
  __source,
  __day,
  row_count,
  first_seen_at,
  last_seen_at,
  sample_key
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_evidence"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS evidence
WHERE
  EXISTS(
    SELECT
      1
    FROM stitch_changed_days AS changed
    WHERE
      changed.__source = evidence.__source
      AND changed.__day IS NOT DISTINCT FROM evidence.__day
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_inserted_members AS
SELECT
  *
FROM (
  SELECT
    id AS other_id,
    id_type AS other_id_type,
    valid_at,
    first_seen_at,
    CAST(component AS BIGINT) AS __profile,
    CAST(node AS BIGINT) AS __node
  FROM stitch_solved AS solved
  EXCEPT
  SELECT
    other_id,
    other_id_type,
    valid_at,
    first_seen_at,
    __profile,
    __node
  FROM stitch_affected_members AS affected_members
) AS changed
UNION ALL
SELECT
  members.other_id,
  members.other_id_type,
  lost.valid_at,
  members.first_seen_at,
  lost.profile AS __profile,
  members.__node
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS members
JOIN stitch_lost_profiles AS lost
  ON members.__profile = lost.__profile;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_inserted_names AS
SELECT
  CAST(numbers.profile AS BIGINT) AS __profile,
  named.main_id
FROM stitch_named AS named
JOIN stitch_profile_numbers AS numbers
  ON named.component = numbers.component
EXCEPT
SELECT
  __profile,
  main_id
FROM stitch_affected_main_ids AS affected_main_ids;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_inserted_over_limit AS
SELECT
  limit_number,
  node,
  neighbours
FROM stitch_over_limit_now AS over_limit_now
EXCEPT
SELECT
  limit_number,
  node,
  neighbours
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_over_limit"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS over_limit;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_inserted_quarantined AS
SELECT
  rule,
  id1,
  id1_type,
  id2,
  id2_type,
  __source,
  __day,
  row_count,
  first_seen_at,
  sample_key,
  found,
  allowed,
  reason
FROM stitch_quarantined_now AS quarantined_now
EXCEPT
SELECT
  rule,
  id1,
  id1_type,
  id2,
  id2_type,
  __source,
  __day,
  row_count,
  first_seen_at,
  sample_key,
  found,
  allowed,
  reason
FROM stitch_quarantined_before AS quarantined_before;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_kept AS
WITH ranked AS (
  SELECT
    component,
    main_id,
    node,
    ROW_NUMBER() OVER (
      PARTITION BY component
      ORDER BY CASE WHEN was_main_id = main_id THEN 1 ELSE 1 END NULLS FIRST, first_seen_at, main_id NULLS FIRST
    ) AS rank_no
  FROM stitch_anchored AS anchored
  WHERE
    NOT component IS NULL
)
SELECT
  component,
  main_id,
  node
FROM ranked
WHERE
  rank_no = 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_links_before AS
WITH marked AS (
  SELECT
    seen.__left,
    seen.__right,
    seen.__source,
    seen.__day,
    seen.first_seen_at,
    gone.left_node
  FROM (
    SELECT
      __left,
      __right,
      __source,
      __day,
      first_seen_at
    FROM (
      SELECT
        *
      FROM "profiles"."Material_graph_evidence"
      WHERE
        __from_version <= 1 AND __to_version > 1
    ) AS evidence
    WHERE
      __left IN (
        SELECT
          node
        FROM (
          SELECT
            node
          FROM stitch_reached
        ) AS wanted
      )
      OR __right IN (
        SELECT
          node
        FROM (
          SELECT
            node
          FROM stitch_reached
        ) AS wanted
      )
  ) AS seen
  LEFT JOIN (
    SELECT
      left_node,
      right_node
    FROM (
      SELECT
        *
      FROM "profiles"."Material_graph_dropped"
      WHERE
        __from_version <= 1 AND __to_version > 1
    ) AS dropped
  ) AS gone
    ON gone.left_node = LEAST(seen.__left, seen.__right)
    AND gone.right_node = GREATEST(seen.__left, seen.__right)
    AND seen.__left <> seen.__right
)
SELECT
  __left,
  __right,
  __source,
  __day,
  first_seen_at
FROM marked
WHERE
  left_node IS NULL
UNION
SELECT
  __left,
  __left AS __right,
  __source,
  __day,
  first_seen_at
FROM marked
WHERE
  NOT left_node IS NULL
UNION
SELECT
  __right AS __left,
  __right,
  __source,
  __day,
  first_seen_at
FROM marked
WHERE
  NOT left_node IS NULL;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_links_now AS
WITH marked AS (
  SELECT
    seen.__left,
    seen.__right,
    seen.__source,
    seen.__day,
    seen.first_seen_at,
    gone.left_node
  FROM (
    SELECT
      *
    FROM (
      SELECT
        __left,
        __right,
        __source,
        __day,
        row_count,
        first_seen_at,
        last_seen_at,
        sample_key
      FROM (
        SELECT
          *
        FROM "profiles"."Material_graph_evidence"
        WHERE
          __from_version <= 1 AND __to_version > 1
      ) AS evidence
      WHERE
        __left IN (
          SELECT
            node
          FROM (
            SELECT
              node
            FROM stitch_reached
          ) AS wanted
        )
        OR __right IN (
          SELECT
            node
          FROM (
            SELECT
              node
            FROM stitch_reached
          ) AS wanted
        )
      EXCEPT
      SELECT
        __left,
        __right,
        __source,
        __day,
        row_count,
        first_seen_at,
        last_seen_at,
        sample_key
      FROM stitch_deleted_evidence AS deleted_evidence
    ) AS remaining
    UNION ALL
    SELECT
      __left,
      __right,
      __source,
      __day,
      row_count,
      first_seen_at,
      last_seen_at,
      sample_key
    FROM stitch_inserted_evidence AS inserted_evidence
    WHERE
      __left IN (
        SELECT
          node
        FROM (
          SELECT
            node
          FROM stitch_reached
        ) AS wanted
      )
      OR __right IN (
        SELECT
          node
        FROM (
          SELECT
            node
          FROM stitch_reached
        ) AS wanted
      )
  ) AS seen
  LEFT JOIN (
    SELECT
      *
    FROM (
      SELECT
        left_node,
        right_node
      FROM (
        SELECT
          *
        FROM "profiles"."Material_graph_dropped"
        WHERE
          __from_version <= 1 AND __to_version > 1
      ) AS dropped
      EXCEPT
      SELECT
        left_node,
        right_node
      FROM stitch_deleted_dropped AS deleted_dropped
    ) AS remaining
    UNION
    SELECT
      left_node,
      right_node
    FROM stitch_inserted_dropped AS inserted_dropped
  ) AS gone
    ON gone.left_node = LEAST(seen.__left, seen.__right)
    AND gone.right_node = GREATEST(seen.__left, seen.__right)
    AND seen.__left <> seen.__right
)
SELECT
  __left,
  __right,
  __source,
  __day,
  first_seen_at
FROM marked
WHERE
  left_node IS NULL
UNION
SELECT
  __left,
  __left AS __right,
  __source,
  __day,
  first_seen_at
FROM marked
WHERE
  NOT left_node IS NULL
UNION
SELECT
  __right AS __left,
  __right,
  __source,
  __day,
  first_seen_at
FROM marked
WHERE
  NOT left_node IS NULL;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_lists_now AS
SELECT
  CAST(-1 AS INT) AS list_number,
  'text' AS id_type,
  CASE
    WHEN 'text' IS NULL
    OR CAST(COUNT(*) AS TEXT) IS NULL
    OR CAST(COALESCE(
      CAST((
        (
          SUM(CAST(HASH(HASH(type_a, id_a, type_b, id_b, action, reason)) AS INT128)) % 1
        ) + 1
      ) % 1 AS BIGINT),
      1
    ) AS TEXT) IS NULL
    THEN NULL
    ELSE CONCAT_WS(
      'text',
      CAST(COUNT(*) AS TEXT),
      CAST(COALESCE(
        CAST((
          (
            SUM(CAST(HASH(HASH(type_a, id_a, type_b, id_b, action, reason)) AS INT128)) % 1
          ) + 1
        ) % 1 AS BIGINT),
        1
      ) AS TEXT)
    )
  END AS id
FROM stitch_rules;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_moves AS
SELECT
  members.main_id AS from_main_id,
  named.main_id AS to_main_id,
  CAST(SUM(members.ids) AS BIGINT) AS ids
FROM (
  SELECT
    members.main_id,
    graph.node,
    graph.id,
    graph.id_type,
    graph.component,
    graph.first_seen_at,
    1 AS ids
  FROM (
    SELECT
      main_id,
      other_id,
      other_id_type
    FROM (
      SELECT
        user_main_id AS main_id,
        other_id,
        other_id_type
      FROM "profiles"."Material_graph_numbered"
    ) AS published_members
    UNION ALL
    SELECT
      migrated.main_id,
      migrated.other_id,
      migrated.other_id_type
    FROM "profiles"."GRAPH_MIGRATED_MEMBERS" AS migrated
    LEFT JOIN (
      SELECT
        *
      FROM "profiles"."Material_graph_anchors"
      WHERE
        __from_version <= 1 AND __to_version > 1
    ) AS known
      ON migrated.main_id = known.main_id
    WHERE
      known.main_id IS NULL
  ) AS members
  JOIN stitch_graph AS graph
    ON members.other_id = graph.id AND members.other_id_type = graph.id_type
) AS members
JOIN stitch_named AS named
  ON members.component = named.component
WHERE
  members.main_id <> named.main_id
GROUP BY
  members.main_id,
  named.main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_moves AS
SELECT
  members.main_id AS from_main_id,
  named.main_id AS to_main_id,
  CAST(SUM(members.ids) AS BIGINT) AS ids
FROM (
  SELECT
    members.main_id,
    graph.node,
    graph.id,
    graph.id_type,
    graph.component,
    graph.first_seen_at,
    1 AS ids
  FROM (
    SELECT
      user_main_id AS main_id,
      other_id,
      other_id_type
    FROM "profiles"."Material_graph_numbered"
  ) AS members
  JOIN stitch_graph AS graph
    ON members.other_id = graph.id AND members.other_id_type = graph.id_type
) AS members
JOIN stitch_named AS named
  ON members.component = named.component
WHERE
  members.main_id <> named.main_id
GROUP BY
  members.main_id,
  named.main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_moves AS
SELECT
  members.main_id AS from_main_id,
  named.main_id AS to_main_id,
  CAST(SUM(members.ids) AS BIGINT) AS ids
FROM (
  SELECT
    was.main_id,
    graph.node,
    graph.id,
    graph.id_type,
    graph.component,
    graph.first_seen_at,
    was.ids
  FROM (
    SELECT
      affected.main_id,
      members.__node AS node,
      CAST(1 AS BIGINT) AS ids
    FROM stitch_affected_members AS members
    JOIN stitch_affected_main_ids AS affected
      ON members.__profile = affected.__profile
    UNION ALL
    SELECT
      main_id,
      __profile AS node,
      ids
    FROM stitch_affected_main_ids AS affected_main_ids
    WHERE
      NOT is_whole
  ) AS was
  JOIN stitch_graph AS graph
    ON was.node = graph.node
) AS members
JOIN stitch_named AS named
  ON members.component = named.component
WHERE
  members.main_id <> named.main_id
GROUP BY
  members.main_id,
  named.main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_named AS
SELECT
  component,
  main_id,
  node AS anchor
FROM stitch_created AS created;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_named AS
SELECT
  component,
  main_id,
  node AS anchor
FROM stitch_kept AS kept
UNION ALL
SELECT
  component,
  main_id,
  node AS anchor
FROM stitch_created AS created;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_new_anchors AS
WITH seen AS (
  SELECT
    members.main_id,
    members.node,
    members.id,
    members.id_type,
    members.component,
    members.first_seen_at
  FROM stitch_found_anchors AS found
  JOIN (
    SELECT
      members.main_id,
      graph.node,
      graph.id,
      graph.id_type,
      graph.component,
      graph.first_seen_at,
      1 AS ids
    FROM (
      SELECT
        main_id,
        other_id,
        other_id_type
      FROM (
        SELECT
          user_main_id AS main_id,
          other_id,
          other_id_type
        FROM "profiles"."Material_graph_numbered"
      ) AS published_members
      UNION ALL
      SELECT
        migrated.main_id,
        migrated.other_id,
        migrated.other_id_type
      FROM "profiles"."GRAPH_MIGRATED_MEMBERS" AS migrated
      LEFT JOIN (
        SELECT
          *
        FROM "profiles"."Material_graph_anchors"
        WHERE
          __from_version <= 1 AND __to_version > 1
      ) AS known
        ON migrated.main_id = known.main_id
      WHERE
        known.main_id IS NULL
    ) AS members
    JOIN stitch_graph AS graph
      ON members.other_id = graph.id AND members.other_id_type = graph.id_type
  ) AS members
    ON found.main_id = members.main_id
  WHERE
    found.was_main_id = found.main_id
    AND (
      found.node IS NULL OR found.since_seq_no IS NULL
    )
), firsts AS (
  SELECT
    main_id,
    MIN(first_seen_at) AS first_at
  FROM seen
  GROUP BY
    main_id
), candidates AS (
  SELECT
    seen.main_id,
    seen.node,
    seen.id,
    seen.id_type,
    seen.component,
    seen.first_seen_at,
    'text' || LEFT(SHA1(LEFT(SHA1('text' || seen.id), 1) || seen.id_type), 1) AS generated_id
  FROM seen
  JOIN firsts
    ON seen.main_id = firsts.main_id
  WHERE
    firsts.first_at IS NULL OR seen.first_seen_at = firsts.first_at
), ranked AS (
  SELECT
    main_id,
    node,
    id,
    id_type,
    component,
    first_seen_at,
    ROW_NUMBER() OVER (PARTITION BY main_id ORDER BY generated_id NULLS FIRST) AS rank_no
  FROM candidates
)
SELECT
  main_id,
  node,
  id,
  id_type,
  component,
  first_seen_at
FROM ranked
WHERE
  rank_no = 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_new_anchors AS
WITH seen AS (
  SELECT
    members.main_id,
    members.node,
    members.id,
    members.id_type,
    members.component,
    members.first_seen_at
  FROM stitch_found_anchors AS found
  JOIN (
    SELECT
      members.main_id,
      graph.node,
      graph.id,
      graph.id_type,
      graph.component,
      graph.first_seen_at,
      1 AS ids
    FROM (
      SELECT
        user_main_id AS main_id,
        other_id,
        other_id_type
      FROM "profiles"."Material_graph_numbered"
    ) AS members
    JOIN stitch_graph AS graph
      ON members.other_id = graph.id AND members.other_id_type = graph.id_type
  ) AS members
    ON found.main_id = members.main_id
  WHERE
    found.was_main_id = found.main_id
    AND (
      found.node IS NULL OR found.since_seq_no IS NULL
    )
), firsts AS (
  SELECT
    main_id,
    MIN(first_seen_at) AS first_at
  FROM seen
  GROUP BY
    main_id
), candidates AS (
  SELECT
    seen.main_id,
    seen.node,
    seen.id,
    seen.id_type,
    seen.component,
    seen.first_seen_at,
    'text' || LEFT(SHA1(LEFT(SHA1('text' || seen.id), 1) || seen.id_type), 1) AS generated_id
  FROM seen
  JOIN firsts
    ON seen.main_id = firsts.main_id
  WHERE
    firsts.first_at IS NULL OR seen.first_seen_at = firsts.first_at
), ranked AS (
  SELECT
    main_id,
    node,
    id,
    id_type,
    component,
    first_seen_at,
    ROW_NUMBER() OVER (PARTITION BY main_id ORDER BY generated_id NULLS FIRST) AS rank_no
  FROM candidates
)
SELECT
  main_id,
  node,
  id,
  id_type,
  component,
  first_seen_at
FROM ranked
WHERE
  rank_no = 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_new_anchors AS
WITH seen AS (
  SELECT
    members.main_id,
    members.node,
    members.id,
    members.id_type,
    members.component,
    members.first_seen_at
  FROM stitch_found_anchors AS found
  JOIN (
    SELECT
      was.main_id,
      graph.node,
      graph.id,
      graph.id_type,
      graph.component,
      graph.first_seen_at,
      was.ids
    FROM (
      SELECT
        affected.main_id,
        members.__node AS node,
        CAST(1 AS BIGINT) AS ids
      FROM stitch_affected_members AS members
      JOIN stitch_affected_main_ids AS affected
        ON members.__profile = affected.__profile
      UNION ALL
      SELECT
        main_id,
        __profile AS node,
        ids
      FROM stitch_affected_main_ids AS affected_main_ids
      WHERE
        NOT is_whole
    ) AS was
    JOIN stitch_graph AS graph
      ON was.node = graph.node
  ) AS members
    ON found.main_id = members.main_id
  WHERE
    found.was_main_id = found.main_id
    AND (
      found.node IS NULL OR found.since_seq_no IS NULL
    )
), firsts AS (
  SELECT
    main_id,
    MIN(first_seen_at) AS first_at
  FROM seen
  GROUP BY
    main_id
), candidates AS (
  SELECT
    seen.main_id,
    seen.node,
    seen.id,
    seen.id_type,
    seen.component,
    seen.first_seen_at,
    'text' || LEFT(SHA1(LEFT(SHA1('text' || seen.id), 1) || seen.id_type), 1) AS generated_id
  FROM seen
  JOIN firsts
    ON seen.main_id = firsts.main_id
  WHERE
    firsts.first_at IS NULL OR seen.first_seen_at = firsts.first_at
), ranked AS (
  SELECT
    main_id,
    node,
    id,
    id_type,
    component,
    first_seen_at,
    ROW_NUMBER() OVER (PARTITION BY main_id ORDER BY generated_id NULLS FIRST) AS rank_no
  FROM candidates
)
SELECT
  main_id,
  node,
  id,
  id_type,
  component,
  first_seen_at
FROM ranked
WHERE
  rank_no = 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_new_main_ids AS
SELECT
  created.main_id,
  FALSE AS was_published
FROM stitch_created AS created
LEFT JOIN stitch_resolved AS resolved
  ON created.main_id = resolved.main_id
WHERE
  resolved.main_id IS NULL
UNION ALL
SELECT
  main_id,
  TRUE AS was_published
FROM stitch_resolved AS resolved
WHERE
  now_main_id = main_id AND was_main_id IS DISTINCT FROM main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_node_rules AS
SELECT
  *
FROM (
  WITH named AS (
    SELECT
      type_a AS id_type,
      id_a AS id,
      action,
      reason
    FROM stitch_rules AS rules
    WHERE
      id_b IS NULL
    UNION ALL
    SELECT
      type_a AS id_type,
      id_a AS id,
      action,
      reason
    FROM stitch_rules AS rules
    WHERE
      NOT id_b IS NULL AND action = 'text'
    UNION ALL
    SELECT
      type_b AS id_type,
      id_b AS id,
      action,
      reason
    FROM stitch_rules AS rules
    WHERE
      NOT id_b IS NULL AND action = 'text'
  )
  SELECT
    id_type,
    id,
    MIN(action) AS action,
    MIN(reason) AS reason
  FROM named
  GROUP BY
    id_type,
    id
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_node_rules AS
WITH named AS (
  SELECT
    type_a AS id_type,
    id_a AS id,
    action,
    reason
  FROM stitch_rules AS rules
  WHERE
    id_b IS NULL
  UNION ALL
  SELECT
    type_a AS id_type,
    id_a AS id,
    action,
    reason
  FROM stitch_rules AS rules
  WHERE
    NOT id_b IS NULL AND action = 'text'
  UNION ALL
  SELECT
    type_b AS id_type,
    id_b AS id,
    action,
    reason
  FROM stitch_rules AS rules
  WHERE
    NOT id_b IS NULL AND action = 'text'
)
SELECT
  id_type,
  id,
  MIN(action) AS action,
  MIN(reason) AS reason
FROM named
GROUP BY
  id_type,
  id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_nodes AS
SELECT
  CAST(NULL AS BIGINT) AS node,
  CAST(NULL AS TEXT) AS id_type,
  CAST(NULL AS TEXT) AS id
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_nodes AS
SELECT
  CAST(__node AS BIGINT) AS node,
  other_id_type AS id_type,
  other_id AS id
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS members
WHERE
  __node IN (
    SELECT
      node
    FROM (
      SELECT
        node
      FROM stitch_found_nodes
    ) AS wanted
  )
UNION
SELECT
  CAST(node AS BIGINT) AS node,
  CAST(id_type AS TEXT) AS id_type,
  CAST(id AS TEXT) AS id
FROM stitch_numbered_ids AS numbered_ids
WHERE
  node IN (
    SELECT
      node
    FROM (
      SELECT
        node
      FROM stitch_found_nodes
    ) AS wanted
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_nodes AS
SELECT
  ROW_NUMBER() OVER () - 1 AS node,
  distinct_ids.*
FROM (
  SELECT
    id,
    id_type,
    MIN(CASE WHEN TRUE THEN CAST(1 AS BIGINT) ELSE 1 END) AS level_today
  FROM (
    SELECT
      id_1 AS id,
      'text' AS id_type
    FROM audit_rows_0
    WHERE
      NOT id_1 IS NULL
    UNION ALL
    SELECT
      id_2 AS id,
      'text' AS id_type
    FROM audit_rows_0
    WHERE
      NOT id_2 IS NULL
    UNION ALL
    SELECT
      id_1 AS id,
      'text' AS id_type
    FROM audit_rows_1
    WHERE
      NOT id_1 IS NULL
    UNION ALL
    SELECT
      id_2 AS id,
      'text' AS id_type
    FROM audit_rows_1
    WHERE
      NOT id_2 IS NULL
    UNION ALL
    SELECT
      id,
      id_type
    FROM (
      SELECT
        id_type,
        id
      FROM stitch_node_rules AS node_rules
      WHERE
        action = 'text'
      ORDER BY
        id_type NULLS FIRST,
        id NULLS FIRST
    ) AS included
  ) AS every_id
  WHERE
    id <> 'text'
  GROUP BY
    id,
    id_type
) AS distinct_ids;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_origins AS
WITH ranked AS (
  SELECT
    fresh.main_id,
    moves.from_main_id,
    moves.ids,
    ROW_NUMBER() OVER (
      PARTITION BY fresh.main_id
      ORDER BY moves.ids DESC, moves.from_main_id NULLS FIRST
    ) AS rank_no
  FROM stitch_moves AS moves
  JOIN stitch_resolved AS previous
    ON previous.main_id = moves.from_main_id
  JOIN stitch_new_main_ids AS fresh
    ON fresh.main_id = moves.to_main_id
  WHERE
    previous.now_main_id IS DISTINCT FROM moves.to_main_id
)
SELECT
  main_id,
  from_main_id,
  ids
FROM ranked
WHERE
  rank_no = 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_over_limit_now AS
SELECT
  1 AS limit_number,
  node,
  COUNT(DISTINCT neighbour) AS neighbours
FROM (
  SELECT
    edges.left_node AS node,
    edges.right_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.left_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.right_node
  WHERE
    edges.left_node <> edges.right_node
  UNION ALL
  SELECT
    edges.right_node AS node,
    edges.left_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.right_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.left_node
  WHERE
    edges.left_node <> edges.right_node
) AS neighbourhood
GROUP BY
  node
HAVING
  COUNT(DISTINCT neighbour) > 1
UNION ALL
SELECT
  1 AS limit_number,
  node,
  COUNT(DISTINCT neighbour) AS neighbours
FROM (
  SELECT
    edges.left_node AS node,
    edges.right_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.left_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.right_node
  WHERE
    edges.left_node <> edges.right_node
  UNION ALL
  SELECT
    edges.right_node AS node,
    edges.left_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.right_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.left_node
  WHERE
    edges.left_node <> edges.right_node
) AS neighbourhood
GROUP BY
  node
HAVING
  COUNT(DISTINCT neighbour) > 1
UNION ALL
SELECT
  1 AS limit_number,
  node,
  COUNT(DISTINCT neighbour) AS neighbours
FROM (
  SELECT
    edges.left_node AS node,
    edges.right_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.left_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.right_node
  WHERE
    edges.left_node <> edges.right_node
  UNION ALL
  SELECT
    edges.right_node AS node,
    edges.left_node AS neighbour
  FROM stitch_found_edges AS edges
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS near_nodes
    ON near_nodes.node = edges.right_node
  JOIN (
    SELECT
      node
    FROM stitch_nodes
    WHERE
      id_type = 'text'
  ) AS far_nodes
    ON far_nodes.node = edges.left_node
  WHERE
    edges.left_node <> edges.right_node
) AS neighbourhood
GROUP BY
  node
HAVING
  COUNT(DISTINCT neighbour) > 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_over_limit_now AS
SELECT
  CAST(limit_number AS INT) AS limit_number,
  CAST(node AS BIGINT) AS node,
  CAST(neighbours AS BIGINT) AS neighbours
FROM (
  SELECT
    1 AS limit_number,
    node,
    COUNT(DISTINCT neighbour) AS neighbours
  FROM (
    SELECT
      edges.left_node AS node,
      edges.right_node AS neighbour
    FROM stitch_found_edges AS edges
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS near_nodes
      ON near_nodes.node = edges.left_node
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS far_nodes
      ON far_nodes.node = edges.right_node
    WHERE
      edges.left_node <> edges.right_node
    UNION ALL
    SELECT
      edges.right_node AS node,
      edges.left_node AS neighbour
    FROM stitch_found_edges AS edges
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS near_nodes
      ON near_nodes.node = edges.right_node
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS far_nodes
      ON far_nodes.node = edges.left_node
    WHERE
      edges.left_node <> edges.right_node
  ) AS neighbourhood
  GROUP BY
    node
  HAVING
    COUNT(DISTINCT neighbour) > 1
  UNION ALL
  SELECT
    1 AS limit_number,
    node,
    COUNT(DISTINCT neighbour) AS neighbours
  FROM (
    SELECT
      edges.left_node AS node,
      edges.right_node AS neighbour
    FROM stitch_found_edges AS edges
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS near_nodes
      ON near_nodes.node = edges.left_node
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS far_nodes
      ON far_nodes.node = edges.right_node
    WHERE
      edges.left_node <> edges.right_node
    UNION ALL
    SELECT
      edges.right_node AS node,
      edges.left_node AS neighbour
    FROM stitch_found_edges AS edges
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS near_nodes
      ON near_nodes.node = edges.right_node
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS far_nodes
      ON far_nodes.node = edges.left_node
    WHERE
      edges.left_node <> edges.right_node
  ) AS neighbourhood
  GROUP BY
    node
  HAVING
    COUNT(DISTINCT neighbour) > 1
  UNION ALL
  SELECT
    1 AS limit_number,
    node,
    COUNT(DISTINCT neighbour) AS neighbours
  FROM (
    SELECT
      edges.left_node AS node,
      edges.right_node AS neighbour
    FROM stitch_found_edges AS edges
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS near_nodes
      ON near_nodes.node = edges.left_node
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS far_nodes
      ON far_nodes.node = edges.right_node
    WHERE
      edges.left_node <> edges.right_node
    UNION ALL
    SELECT
      edges.right_node AS node,
      edges.left_node AS neighbour
    FROM stitch_found_edges AS edges
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS near_nodes
      ON near_nodes.node = edges.right_node
    JOIN (
      SELECT
        node
      FROM stitch_nodes
      WHERE
        id_type = 'text'
    ) AS far_nodes
      ON far_nodes.node = edges.left_node
    WHERE
      edges.left_node <> edges.right_node
  ) AS neighbourhood
  GROUP BY
    node
  HAVING
    COUNT(DISTINCT neighbour) > 1
) AS found_over_limit
WHERE
  node IN (
    SELECT
      node
    FROM stitch_counted AS counted
  )
UNION ALL
SELECT
  limit_number,
  node,
  neighbours
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_over_limit"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS over_limit
WHERE
  NOT node IN (
    SELECT
      node
    FROM stitch_counted AS counted
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_proposed AS
SELECT
  earliest.component,
  earliest.node,
  earliest.id,
  earliest.id_type,
  earliest.generated_id AS main_id,
  1 AS attempt
FROM stitch_earliest AS earliest
LEFT JOIN stitch_kept AS kept
  ON earliest.component = kept.component
WHERE
  kept.component IS NULL;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_quarantined_before AS
SELECT
  kept.rule,
  kept.id1,
  kept.id1_type,
  kept.id2,
  kept.id2_type,
  kept.__source,
  kept.__day,
  kept.row_count,
  kept.first_seen_at,
  kept.sample_key,
  kept.found,
  kept.allowed,
  kept.reason
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_quarantined"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS kept
WHERE
  NOT kept.id2 IS NULL
  AND (
    EXISTS(
      SELECT
        1
      FROM stitch_counted_ids AS counted
      WHERE
        kept.id1 = counted.id AND kept.id1_type = counted.id_type
    )
    OR EXISTS(
      SELECT
        1
      FROM stitch_counted_ids AS counted
      WHERE
        kept.id2 = counted.id AND kept.id2_type = counted.id_type
    )
  );

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_quarantined_now AS
SELECT
  'text' AS rule,
  CAST(a.id AS TEXT) AS id1,
  CAST(a.id_type AS TEXT) AS id1_type,
  CAST(b.id AS TEXT) AS id2,
  CAST(b.id_type AS TEXT) AS id2_type,
  CAST(found.__source AS SMALLINT) AS __source,
  CAST(NULL AS DATE) AS __day,
  found.row_count,
  found.first_seen_at,
  found.sample_key,
  CAST(cut.neighbours AS BIGINT) AS found,
  CAST(CASE cut.limit_number WHEN 1 THEN 1 WHEN 1 THEN 1 WHEN 1 THEN 1 END AS BIGINT) AS allowed,
  CAST(NULL AS TEXT) AS reason
FROM stitch_cut AS cut
JOIN stitch_nodes AS a
  ON a.node = cut.node
JOIN stitch_nodes AS b
  ON b.node = cut.neighbour
JOIN (
  SELECT
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE LEAST(left_node, right_node)
    END AS left_node,
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE GREATEST(left_node, right_node)
    END AS right_node,
    __source,
    CAST(SUM(row_count) AS BIGINT) AS row_count,
    MIN(seen_at) AS first_seen_at,
    COALESCE(ARG_MIN(sample_key, seen_at), MIN(sample_key)) AS sample_key
  FROM stitch_found
  GROUP BY
    left_node,
    right_node,
    __source
) AS found
  ON found.left_node = CASE WHEN a.node IS NULL OR b.node IS NULL THEN NULL ELSE LEAST(a.node, b.node) END
  AND found.right_node = CASE
    WHEN a.node IS NULL OR b.node IS NULL
    THEN NULL
    ELSE GREATEST(a.node, b.node)
  END
UNION ALL
SELECT
  'text' AS rule,
  CAST(a.id AS TEXT) AS id1,
  CAST(a.id_type AS TEXT) AS id1_type,
  CAST(b.id AS TEXT) AS id2,
  CAST(b.id_type AS TEXT) AS id2_type,
  CAST(found.__source AS SMALLINT) AS __source,
  CAST(NULL AS DATE) AS __day,
  found.row_count,
  found.first_seen_at,
  found.sample_key,
  CAST(NULL AS BIGINT) AS found,
  CAST(NULL AS BIGINT) AS allowed,
  CAST(rules.reason AS TEXT) AS reason
FROM stitch_rules AS rules
JOIN stitch_nodes AS a
  ON a.id_type = rules.type_a AND a.id = rules.id_a
JOIN stitch_nodes AS b
  ON b.id_type = rules.type_b AND b.id = rules.id_b
JOIN (
  SELECT
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE LEAST(left_node, right_node)
    END AS left_node,
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE GREATEST(left_node, right_node)
    END AS right_node,
    __source,
    CAST(SUM(row_count) AS BIGINT) AS row_count,
    MIN(seen_at) AS first_seen_at,
    COALESCE(ARG_MIN(sample_key, seen_at), MIN(sample_key)) AS sample_key
  FROM stitch_found
  GROUP BY
    left_node,
    right_node,
    __source
) AS found
  ON found.left_node = CASE WHEN a.node IS NULL OR b.node IS NULL THEN NULL ELSE LEAST(a.node, b.node) END
  AND found.right_node = CASE
    WHEN a.node IS NULL OR b.node IS NULL
    THEN NULL
    ELSE GREATEST(a.node, b.node)
  END
WHERE
  rules.action = 'text';

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_reached AS
SELECT
  __left AS node
FROM stitch_inserted_evidence AS inserted_evidence
UNION
SELECT
  __right AS node
FROM stitch_inserted_evidence AS inserted_evidence
UNION
SELECT
  __left AS node
FROM stitch_deleted_evidence AS deleted_evidence
UNION
SELECT
  __right AS node
FROM stitch_deleted_evidence AS deleted_evidence
UNION
SELECT
  left_node AS node
FROM stitch_inserted_dropped AS inserted_dropped
UNION
SELECT
  right_node AS node
FROM stitch_inserted_dropped AS inserted_dropped
UNION
SELECT
  left_node AS node
FROM stitch_deleted_dropped AS deleted_dropped
UNION
SELECT
  right_node AS node
FROM stitch_deleted_dropped AS deleted_dropped;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_resolved AS
SELECT
  anchored.main_id,
  anchored.was_main_id,
  anchored.since_seq_no,
  anchored.is_reanchored,
  COALESCE(created.id, anchored.anchor_id) AS anchor_id,
  COALESCE(created.id_type, anchored.anchor_id_type) AS anchor_id_type,
  COALESCE(own.now_main_id, followed.now_main_id) AS now_main_id,
  followed.now_main_id AS follows
FROM stitch_anchored AS anchored
JOIN stitch_current_main_ids AS own
  ON anchored.main_id = own.main_id
LEFT JOIN stitch_current_main_ids AS followed
  ON followed.main_id = anchored.was_main_id
LEFT JOIN stitch_created AS created
  ON anchored.main_id = created.main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_resolving_anchors AS
SELECT
  anchors.main_id,
  anchors.current_main_id,
  anchors.anchor_id,
  anchors.anchor_id_type,
  anchors.since_seq_no
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_anchors"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS anchors
JOIN stitch_affected_main_ids AS affected
  ON anchors.current_main_id = affected.main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_restored_anchors AS
SELECT
  anchors.main_id,
  anchors.current_main_id,
  anchors.anchor_id,
  anchors.anchor_id_type,
  anchors.since_seq_no,
  ids.node AS anchor_node
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_anchors"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS anchors
JOIN stitch_new_ids AS ids
  ON anchors.anchor_id = ids.id AND anchors.anchor_id_type = ids.id_type
WHERE
  anchors.current_main_id IS DISTINCT FROM anchors.main_id;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_rules AS
SELECT
  *
FROM (
  WITH latest AS (
    SELECT
      type_a,
      id_a,
      type_b,
      id_b,
      action,
      reason
    FROM (
      SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY type_a, id_a, type_b, id_b ORDER BY created_at DESC, action ASC) AS place
      FROM (
        SELECT
          CASE
            WHEN (
              NOT id2 IS NULL AND id2 <> 'text'
            )
            AND (
              id2_type < id1_type OR (
                id2_type = id1_type AND id2 < id1
              )
            )
            THEN id2_type
            ELSE id1_type
          END AS type_a,
          CASE
            WHEN (
              NOT id2 IS NULL AND id2 <> 'text'
            )
            AND (
              id2_type < id1_type OR (
                id2_type = id1_type AND id2 < id1
              )
            )
            THEN id2
            ELSE id1
          END AS id_a,
          CASE
            WHEN NOT id2 IS NULL AND id2 <> 'text'
            THEN CASE
              WHEN (
                NOT id2 IS NULL AND id2 <> 'text'
              )
              AND (
                id2_type < id1_type OR (
                  id2_type = id1_type AND id2 < id1
                )
              )
              THEN id1_type
              ELSE id2_type
            END
          END AS type_b,
          CASE
            WHEN NOT id2 IS NULL AND id2 <> 'text'
            THEN CASE
              WHEN (
                NOT id2 IS NULL AND id2 <> 'text'
              )
              AND (
                id2_type < id1_type OR (
                  id2_type = id1_type AND id2 < id1
                )
              )
              THEN id1
              ELSE id2
            END
          END AS id_b,
          UPPER(action) AS action,
          reason,
          created_at
        FROM main.id_stitch_rules
        WHERE
          LOWER(entity) = 'text'
      ) AS given
    ) AS numbered
    WHERE
      place = 1
  )
  SELECT
    *
  FROM latest
  WHERE
    NOT (
      (
        NOT latest.id_b IS NULL AND latest.action = 'text'
      )
      AND EXISTS(
        SELECT
          1
        FROM latest AS other
        WHERE
          NOT NOT other.id_b IS NULL
          AND other.action = 'text'
          AND (
            (
              latest.type_a = other.type_a AND latest.id_a = other.id_a
            )
            OR (
              latest.type_b = other.type_a AND latest.id_b = other.id_a
            )
          )
      )
    )
) AS shape
LIMIT 1;

-- execute
CREATE OR REPLACE TEMPORARY TABLE stitch_rules AS
WITH latest AS (
  SELECT
    type_a,
    id_a,
    type_b,
    id_b,
    action,
    reason
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (PARTITION BY type_a, id_a, type_b, id_b ORDER BY created_at DESC, action ASC) AS place
    FROM (
      SELECT
        CASE
          WHEN (
            NOT id2 IS NULL AND id2 <> 'text'
          )
          AND (
            id2_type < id1_type OR (
              id2_type = id1_type AND id2 < id1
            )
          )
          THEN id2_type
          ELSE id1_type
        END AS type_a,
        CASE
          WHEN (
            NOT id2 IS NULL AND id2 <> 'text'
          )
          AND (
            id2_type < id1_type OR (
              id2_type = id1_type AND id2 < id1
            )
          )
          THEN id2
          ELSE id1
        END AS id_a,
        CASE
          WHEN NOT id2 IS NULL AND id2 <> 'text'
          THEN CASE
            WHEN (
              NOT id2 IS NULL AND id2 <> 'text'
            )
            AND (
              id2_type < id1_type OR (
                id2_type = id1_type AND id2 < id1
              )
            )
            THEN id1_type
            ELSE id2_type
          END
        END AS type_b,
        CASE
          WHEN NOT id2 IS NULL AND id2 <> 'text'
          THEN CASE
            WHEN (
              NOT id2 IS NULL AND id2 <> 'text'
            )
            AND (
              id2_type < id1_type OR (
                id2_type = id1_type AND id2 < id1
              )
            )
            THEN id1
            ELSE id2
          END
        END AS id_b,
        UPPER(action) AS action,
        reason,
        created_at
      FROM main.id_stitch_rules
      WHERE
        LOWER(entity) = 'text'
    ) AS given
  ) AS numbered
  WHERE
    place = 1
)
SELECT
  *
FROM latest
WHERE
  NOT (
    (
      NOT latest.id_b IS NULL AND latest.action = 'text'
    )
    AND EXISTS(
      SELECT
        1
      FROM latest AS other
      WHERE
        NOT NOT other.id_b IS NULL
        AND other.action = 'text'
        AND (
          (
            latest.type_a = other.type_a AND latest.id_a = other.id_a
          )
          OR (
            latest.type_b = other.type_a AND latest.id_b = other.id_a
          )
        )
    )
  );

-- execute
CREATE OR REPLACE TEMPORARY VIEW audit_pairs AS
SELECT
  id_1 AS id1,
  'text' AS id1_type,
  id_2 AS id2,
  'text' AS id2_type,
  'text' AS source,
  row_count
FROM audit_rows_0
WHERE
  NOT id_1 IS NULL AND NOT id_2 IS NULL
UNION ALL
SELECT
  id_1 AS id1,
  'text' AS id1_type,
  id_2 AS id2,
  'text' AS id2_type,
  'text' AS source,
  row_count
FROM audit_rows_1
WHERE
  NOT id_1 IS NULL AND NOT id_2 IS NULL;

-- execute
CREATE OR REPLACE VIEW "profiles"."BY_EMAIL" AS
SELECT
  *
FROM "profiles"."Material_by_email";

-- execute
CREATE OR REPLACE VIEW "profiles"."GRAPH" AS
SELECT
  *
FROM "profiles"."Material_graph";

-- execute
CREATE OR REPLACE VIEW "profiles"."GRAPH_ALIASES" AS
SELECT
  *
FROM "profiles"."Material_graph_aliases";

-- execute
CREATE OR REPLACE VIEW "profiles"."GRAPH_CARDINALITY_AUDIT" AS
SELECT
  *
FROM "profiles"."Material_graph_CARDINALITY_AUDIT";

-- execute
CREATE OR REPLACE VIEW "profiles"."GRAPH_EDGES" AS
SELECT
  *
FROM "profiles"."Material_graph_edges";

-- execute
CREATE OR REPLACE VIEW "profiles"."GRAPH_QUARANTINE" AS
SELECT
  *
FROM "profiles"."Material_graph_quarantine";

-- execute
CREATE OR REPLACE VIEW "profiles"."LARGE" AS
SELECT
  *
FROM "profiles"."Material_large";

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_by_email" AS
SELECT
  ids.other_id AS email,
  features.is_active,
  features.last_device,
  features.logins,
  features.spent
FROM "profiles"."Material_graph" AS ids
JOIN "profiles"."Material_user_var_table" AS features
  ON features.user_main_id = ids.user_main_id
WHERE
  ids.other_id_type = 'text';

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_graph" AS
SELECT
  user_main_id,
  other_id,
  other_id_type,
  valid_at,
  first_seen_at
FROM "profiles"."Material_graph_numbered";

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_graph_CARDINALITY_AUDIT" AS
SELECT DISTINCT
  1 AS run_id,
  'text' AS model_hash,
  id1,
  id1_type,
  id2,
  id2_type,
  'text' AS reason,
  'text' || CAST(allowed AS TEXT) || 'text' || CAST(found AS TEXT) || 'text' AS rule_details
FROM "profiles"."Material_graph_quarantine"
WHERE
  rule = 'text';

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_graph_aliases" AS
SELECT
  main_id,
  current_main_id,
  since_seq_no
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_anchors"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS anchors;

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_graph_edges" AS
SELECT
  CASE
    WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
    THEN b.other_id
    ELSE a.other_id
  END AS id1,
  a.other_id_type AS id1_type,
  CASE
    WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
    THEN a.other_id
    ELSE b.other_id
  END AS id2,
  b.other_id_type AS id2_type,
  CASE evidence.__source WHEN 1 THEN 'text' WHEN 1 THEN 'text' ELSE 'text' END AS source,
  CAST(SUM(evidence.row_count) AS BIGINT) AS row_count,
  MIN(evidence.first_seen_at) AS first_seen_at,
  MAX(evidence.last_seen_at) AS last_seen_at,
  COALESCE(ARG_MIN(evidence.sample_key, evidence.first_seen_at), MIN(evidence.sample_key)) AS sample_key,
  a.user_main_id AS user_main_id
FROM "profiles"."Material_graph_evidence" AS evidence
JOIN "profiles"."Material_graph_numbered" AS a
  ON a.__node = evidence.__left
JOIN "profiles"."Material_graph_members" AS b
  ON b.__node = evidence.__right
WHERE
  evidence.__left <> evidence.__right
  AND (
    evidence.__from_version <= 1 AND evidence.__to_version > 1
  )
  AND (
    b.__from_version <= 1 AND b.__to_version > 1
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM "profiles"."Material_graph_dropped" AS gone
    WHERE
      gone.left_node = CASE
        WHEN evidence.__left IS NULL OR evidence.__right IS NULL
        THEN NULL
        ELSE LEAST(evidence.__left, evidence.__right)
      END
      AND gone.right_node = CASE
        WHEN evidence.__left IS NULL OR evidence.__right IS NULL
        THEN NULL
        ELSE GREATEST(evidence.__left, evidence.__right)
      END
      AND (
        gone.__from_version <= 1 AND gone.__to_version > 1
      )
  )
GROUP BY
  a.other_id,
  b.other_id,
  a.other_id_type,
  b.other_id_type,
  evidence.__source,
  a.user_main_id;

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_graph_ids" AS
SELECT
  other_id,
  other_id_type,
  valid_at,
  first_seen_at,
  __profile,
  __node
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS members;

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_graph_numbered" AS
SELECT
  profiles.user_main_id,
  members.other_id,
  members.other_id_type,
  members.valid_at,
  members.first_seen_at,
  members.__profile,
  members.__node
FROM "profiles"."Material_graph_ids" AS members
JOIN "profiles"."Material_graph_profiles" AS profiles
  ON profiles.__profile = members.__profile;

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_graph_profiles" AS
SELECT
  __profile,
  main_id AS user_main_id
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_names"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS names;

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_graph_quarantine" AS
SELECT
  excluded.rule,
  excluded.id1,
  excluded.id1_type,
  excluded.id2,
  excluded.id2_type,
  CASE excluded.__source WHEN 1 THEN 'text' WHEN 1 THEN 'text' ELSE 'text' END AS source,
  CAST(SUM(excluded.row_count) AS BIGINT) AS row_count,
  COALESCE(ARG_MIN(excluded.sample_key, excluded.first_seen_at), MIN(excluded.sample_key)) AS sample_key,
  MAX(excluded.found) AS found,
  MAX(excluded.allowed) AS allowed,
  MAX(excluded.reason) AS reason
FROM "profiles"."Material_graph_quarantined" AS excluded
WHERE
  excluded.__from_version <= 1 AND excluded.__to_version > 1
GROUP BY
  excluded.rule,
  excluded.id1,
  excluded.id1_type,
  excluded.id2,
  excluded.id2_type,
  excluded.__source;

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_user_all" AS
SELECT
  user_main_id
FROM "profiles"."Material_graph_profiles";

-- execute
CREATE OR REPLACE VIEW "profiles"."Material_user_feature_view" AS
SELECT
  user_main_id,
  is_active,
  last_device,
  logins,
  spent
FROM "profiles"."Material_user_var_table";

-- execute
CREATE OR REPLACE VIEW "profiles"."USER_ALL" AS
SELECT
  *
FROM "profiles"."Material_user_all";

-- execute
CREATE OR REPLACE VIEW "profiles"."USER_FEATURE_VIEW" AS
SELECT
  *
FROM "profiles"."Material_user_feature_view";

-- execute
CREATE OR REPLACE VIEW "profiles"."onefold_access_trial_view" AS
SELECT
  *
FROM "profiles"."onefold_access_trial_table";

-- execute
CREATE TABLE IF NOT EXISTS "profiles"."GRAPH_ID_HISTORY" (
  seq_no BIGINT,
  "at" TIMESTAMP,
  event TEXT,
  main_id TEXT,
  previous_main_id TEXT,
  ids_moved BIGINT,
  cause TEXT
);

-- execute
CREATE TABLE IF NOT EXISTS "profiles"."material_registry" (
  seq_no BIGINT,
  model_ref TEXT,
  model_name TEXT,
  model_type TEXT,
  model_hash TEXT,
  material_name TEXT,
  row_count BIGINT,
  seconds DOUBLE,
  creation_ts TIMESTAMP,
  metadata TEXT
);

-- execute
CREATE TABLE IF NOT EXISTS "profiles"."publication_registry" (
  model_ref TEXT,
  material_name TEXT,
  seq_no BIGINT,
  end_ts TIMESTAMP,
  published_ts TIMESTAMP,
  contents TEXT
);

-- execute
CREATE TABLE IF NOT EXISTS "profiles"."publish_pointer" (
  fence BIGINT,
  version BIGINT,
  seq_no BIGINT,
  holder TEXT,
  taken_ts TIMESTAMP
);

-- execute
CREATE TABLE IF NOT EXISTS "profiles"."published_registry" (
  model_ref TEXT,
  material_name TEXT,
  seq_no BIGINT,
  end_ts TIMESTAMP
);

-- execute
CREATE TABLE IF NOT EXISTS "profiles"."run_registry" (
  seq_no BIGINT,
  begin_ts TIMESTAMP,
  end_ts TIMESTAMP,
  creation_ts TIMESTAMP,
  published_ts TIMESTAMP,
  project TEXT
);

-- execute
DELETE FROM "profiles"."Material_graph_files"
WHERE
  TRUE;

-- execute
DELETE FROM "profiles"."Material_graph_files"
WHERE
  __to_version <= 1;

-- execute
DELETE FROM "profiles"."Material_graph_lists"
WHERE
  TRUE;

-- execute
DELETE FROM "profiles"."Material_graph_lists"
WHERE
  __to_version <= 1;

-- execute
DELETE FROM "profiles"."material_registry"
WHERE
  material_name IN ('text');

-- execute
DELETE FROM "profiles"."publication_registry"
WHERE
  model_ref IN ('text');

-- execute
DELETE FROM "profiles"."publish_pointer";

-- execute
DELETE FROM "profiles"."published_registry"
WHERE
  material_name IN ('text');

-- execute
DELETE FROM "profiles"."published_registry"
WHERE
  model_ref IN ('text');

-- execute
DROP TABLE IF EXISTS "profiles"."GRAPH_MIGRATED_ANCHORS";

-- execute
DROP TABLE IF EXISTS "profiles"."GRAPH_MIGRATED_MEMBERS";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_anchors";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_digests";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_dropped";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_events";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_evidence";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_files";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_lists";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_members";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_names";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_over_limit";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_graph_quarantined";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_large";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_user_var_table";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_user_vars_inputs_logins";

-- execute
DROP TABLE IF EXISTS "profiles"."Material_user_vars_models_large";

-- execute
DROP TABLE IF EXISTS "profiles"."onefold_access_trial_table";

-- execute
DROP TABLE IF EXISTS stitch_affected_anchors;

-- execute
DROP TABLE IF EXISTS stitch_affected_ids;

-- execute
DROP TABLE IF EXISTS stitch_affected_main_ids;

-- execute
DROP TABLE IF EXISTS stitch_affected_members;

-- execute
DROP TABLE IF EXISTS stitch_anchored;

-- execute
DROP TABLE IF EXISTS stitch_anchors_of_run;

-- execute
DROP TABLE IF EXISTS stitch_changed_lists;

-- execute
DROP TABLE IF EXISTS stitch_clashing;

-- execute
DROP TABLE IF EXISTS stitch_counted;

-- execute
DROP TABLE IF EXISTS stitch_counted_ids;

-- execute
DROP TABLE IF EXISTS stitch_created;

-- execute
DROP TABLE IF EXISTS stitch_current_main_ids;

-- execute
DROP TABLE IF EXISTS stitch_cut;

-- execute
DROP TABLE IF EXISTS stitch_deleted_anchors;

-- execute
DROP TABLE IF EXISTS stitch_deleted_counting;

-- execute
DROP TABLE IF EXISTS stitch_deleted_dropped;

-- execute
DROP TABLE IF EXISTS stitch_deleted_evidence;

-- execute
DROP TABLE IF EXISTS stitch_deleted_members;

-- execute
DROP TABLE IF EXISTS stitch_deleted_names;

-- execute
DROP TABLE IF EXISTS stitch_deleted_over_limit;

-- execute
DROP TABLE IF EXISTS stitch_deleted_quarantined;

-- execute
DROP TABLE IF EXISTS stitch_dropped_now;

-- execute
DROP TABLE IF EXISTS stitch_events_of_run;

-- execute
DROP TABLE IF EXISTS stitch_found;

-- execute
DROP TABLE IF EXISTS stitch_found_anchors;

-- execute
DROP TABLE IF EXISTS stitch_found_edges;

-- execute
DROP TABLE IF EXISTS stitch_found_nodes;

-- execute
DROP TABLE IF EXISTS stitch_inserted_anchors;

-- execute
DROP TABLE IF EXISTS stitch_inserted_counting;

-- execute
DROP TABLE IF EXISTS stitch_inserted_dropped;

-- execute
DROP TABLE IF EXISTS stitch_inserted_evidence;

-- execute
DROP TABLE IF EXISTS stitch_inserted_members;

-- execute
DROP TABLE IF EXISTS stitch_inserted_names;

-- execute
DROP TABLE IF EXISTS stitch_inserted_over_limit;

-- execute
DROP TABLE IF EXISTS stitch_inserted_quarantined;

-- execute
DROP TABLE IF EXISTS stitch_kept;

-- execute
DROP TABLE IF EXISTS stitch_links_before;

-- execute
DROP TABLE IF EXISTS stitch_links_now;

-- execute
DROP TABLE IF EXISTS stitch_lists_now;

-- execute
DROP TABLE IF EXISTS stitch_moves;

-- execute
DROP TABLE IF EXISTS stitch_named;

-- execute
DROP TABLE IF EXISTS stitch_new_anchors;

-- execute
DROP TABLE IF EXISTS stitch_new_main_ids;

-- execute
DROP TABLE IF EXISTS stitch_node_rules;

-- execute
DROP TABLE IF EXISTS stitch_nodes;

-- execute
DROP TABLE IF EXISTS stitch_origins;

-- execute
DROP TABLE IF EXISTS stitch_over_limit_now;

-- execute
DROP TABLE IF EXISTS stitch_proposed;

-- execute
DROP TABLE IF EXISTS stitch_quarantined_before;

-- execute
DROP TABLE IF EXISTS stitch_quarantined_now;

-- execute
DROP TABLE IF EXISTS stitch_reached;

-- execute
DROP TABLE IF EXISTS stitch_resolved;

-- execute
DROP TABLE IF EXISTS stitch_resolving_anchors;

-- execute
DROP TABLE IF EXISTS stitch_restored_anchors;

-- execute
DROP TABLE IF EXISTS stitch_rules;

-- execute
DROP VIEW IF EXISTS "profiles"."BY_EMAIL";

-- execute
DROP VIEW IF EXISTS "profiles"."LARGE";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_by_email";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_graph";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_graph_CARDINALITY_AUDIT";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_graph_aliases";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_graph_edges";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_graph_ids";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_graph_numbered";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_graph_profiles";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_graph_quarantine";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_user_all";

-- execute
DROP VIEW IF EXISTS "profiles"."Material_user_feature_view";

-- execute
DROP VIEW IF EXISTS "profiles"."USER_ALL";

-- execute
DROP VIEW IF EXISTS "profiles"."USER_FEATURE_VIEW";

-- execute
DROP VIEW IF EXISTS "profiles"."onefold_access_trial_view";

-- execute
INSERT INTO "profiles"."GRAPH_ID_HISTORY" (
  seq_no,
  "at",
  event,
  main_id,
  previous_main_id,
  ids_moved,
  cause
)
SELECT
  CAST(1 AS BIGINT) AS seq_no,
  CAST('text' AS TIMESTAMP) AS "at",
  event,
  main_id,
  previous_main_id,
  ids_moved,
  cause
FROM (
  SELECT
    'text' AS event,
    main_id,
    CAST(NULL AS TEXT) AS previous_main_id,
    CAST(1 AS BIGINT) AS ids_moved,
    'text' AS cause
  FROM "profiles"."Material_graph_anchors" AS main_ids
) AS events;

-- execute
INSERT INTO "profiles"."GRAPH_ID_HISTORY" (
  seq_no,
  "at",
  event,
  main_id,
  previous_main_id,
  ids_moved,
  cause
)
SELECT
  CAST(1 AS BIGINT) AS seq_no,
  CAST('text' AS TIMESTAMP) AS "at",
  event,
  main_id,
  previous_main_id,
  ids_moved,
  cause
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_events"
) AS events;

-- execute
INSERT INTO "profiles"."Material_graph_anchors" (
  main_id,
  current_main_id,
  anchor_id,
  anchor_id_type,
  since_seq_no
)
SELECT
  main_id,
  main_id AS current_main_id,
  id AS anchor_id,
  id_type AS anchor_id_type,
  CAST(1 AS BIGINT) AS since_seq_no
FROM stitch_created AS created;

-- execute
INSERT INTO "profiles"."Material_graph_anchors" (
  main_id,
  current_main_id,
  anchor_id,
  anchor_id_type,
  since_seq_no
)
SELECT
  main_id,
  now_main_id AS current_main_id,
  anchor_id,
  anchor_id_type,
  CASE
    WHEN now_main_id IS NOT DISTINCT FROM was_main_id AND NOT since_seq_no IS NULL
    THEN since_seq_no
    ELSE CAST(1 AS BIGINT)
  END AS since_seq_no
FROM stitch_resolved AS resolved
UNION ALL
SELECT
  created.main_id,
  created.main_id AS current_main_id,
  created.id AS anchor_id,
  created.id_type AS anchor_id_type,
  CAST(1 AS BIGINT) AS since_seq_no
FROM stitch_created AS created
LEFT JOIN stitch_resolved AS resolved
  ON created.main_id = resolved.main_id
WHERE
  resolved.main_id IS NULL;

-- execute
INSERT INTO "profiles"."Material_graph_anchors" (
  main_id,
  current_main_id,
  anchor_id,
  anchor_id_type,
  since_seq_no,
  __from_version,
  __to_version
)
SELECT
  added.main_id,
  added.current_main_id,
  added.anchor_id,
  added.anchor_id_type,
  added.since_seq_no,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_inserted_anchors
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_digests" (
  __source,
  __day,
  row_count,
  digest
)
SELECT
  __source,
  __day,
  row_count,
  digest
FROM stitch_days_read;

-- execute
INSERT INTO "profiles"."Material_graph_digests" (
  __source,
  __day,
  row_count,
  digest,
  __from_version,
  __to_version
)
SELECT
  added.__source,
  added.__day,
  added.row_count,
  added.digest,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_days_read
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_dropped" (
  left_node,
  right_node
)
SELECT
  left_node,
  right_node
FROM stitch_dropped_read;

-- execute
INSERT INTO "profiles"."Material_graph_dropped" (
  left_node,
  right_node,
  __from_version,
  __to_version
)
SELECT
  added.left_node,
  added.right_node,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_inserted_dropped
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_events" (
  event,
  main_id,
  previous_main_id,
  ids_moved,
  cause
)
SELECT
  'text' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(1 AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_resolved AS resolved
WHERE
  since_seq_no IS NULL
UNION ALL
SELECT
  CASE
    WHEN fresh.was_published
    THEN 'text'
    WHEN NOT origins.from_main_id IS NULL
    THEN 'text'
    ELSE 'text'
  END AS event,
  fresh.main_id,
  origins.from_main_id AS previous_main_id,
  CAST(COALESCE(origins.ids, 1) AS BIGINT) AS ids_moved,
  CASE
    WHEN FALSE
    THEN 'text'
    WHEN NOT origins.from_main_id IS NULL
    THEN 'text'
    WHEN fresh.was_published
    THEN 'text'
    ELSE 'text'
  END AS cause
FROM stitch_new_main_ids AS fresh
LEFT JOIN stitch_origins AS origins
  ON fresh.main_id = origins.main_id
UNION ALL
SELECT
  'text' AS event,
  was.now_main_id AS main_id,
  was.main_id AS previous_main_id,
  CAST(COALESCE(moves.ids, 1) AS BIGINT) AS ids_moved,
  CASE
    WHEN FALSE
    THEN 'text'
    WHEN was.was_main_id = was.main_id
    THEN 'text'
    ELSE 'text'
  END AS cause
FROM stitch_resolved AS was
LEFT JOIN stitch_moves AS moves
  ON moves.from_main_id = was.main_id AND moves.to_main_id = was.now_main_id
WHERE
  was.now_main_id <> was.main_id
  AND (
    was.was_main_id = was.main_id OR was.follows IS DISTINCT FROM was.now_main_id
  )
UNION ALL
SELECT
  'text' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(1 AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_resolved AS resolved
WHERE
  was_main_id = main_id AND now_main_id IS NULL
UNION ALL
SELECT
  'text' AS event,
  moves.to_main_id AS main_id,
  moves.from_main_id AS previous_main_id,
  CAST(COALESCE(moves.ids, 1) AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_moves AS moves
JOIN stitch_resolved AS previous
  ON previous.main_id = moves.from_main_id
LEFT JOIN stitch_origins AS origins
  ON origins.main_id = moves.to_main_id AND origins.from_main_id = moves.from_main_id
WHERE
  previous.now_main_id IS DISTINCT FROM moves.to_main_id
  AND origins.main_id IS NULL
UNION ALL
SELECT
  'text' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(1 AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_resolved AS resolved
WHERE
  is_reanchored;

-- execute
INSERT INTO "profiles"."Material_graph_events" (
  event,
  main_id,
  previous_main_id,
  ids_moved,
  cause
)
SELECT
  'text' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(1 AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_resolved AS resolved
WHERE
  since_seq_no IS NULL
UNION ALL
SELECT
  CASE
    WHEN fresh.was_published
    THEN 'text'
    WHEN NOT origins.from_main_id IS NULL
    THEN 'text'
    ELSE 'text'
  END AS event,
  fresh.main_id,
  origins.from_main_id AS previous_main_id,
  CAST(COALESCE(origins.ids, 1) AS BIGINT) AS ids_moved,
  CASE
    WHEN TRUE
    THEN 'text'
    WHEN NOT origins.from_main_id IS NULL
    THEN 'text'
    WHEN fresh.was_published
    THEN 'text'
    ELSE 'text'
  END AS cause
FROM stitch_new_main_ids AS fresh
LEFT JOIN stitch_origins AS origins
  ON fresh.main_id = origins.main_id
UNION ALL
SELECT
  'text' AS event,
  was.now_main_id AS main_id,
  was.main_id AS previous_main_id,
  CAST(COALESCE(moves.ids, 1) AS BIGINT) AS ids_moved,
  CASE
    WHEN TRUE
    THEN 'text'
    WHEN was.was_main_id = was.main_id
    THEN 'text'
    ELSE 'text'
  END AS cause
FROM stitch_resolved AS was
LEFT JOIN stitch_moves AS moves
  ON moves.from_main_id = was.main_id AND moves.to_main_id = was.now_main_id
WHERE
  was.now_main_id <> was.main_id
  AND (
    was.was_main_id = was.main_id OR was.follows IS DISTINCT FROM was.now_main_id
  )
UNION ALL
SELECT
  'text' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(1 AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_resolved AS resolved
WHERE
  was_main_id = main_id AND now_main_id IS NULL
UNION ALL
SELECT
  'text' AS event,
  moves.to_main_id AS main_id,
  moves.from_main_id AS previous_main_id,
  CAST(COALESCE(moves.ids, 1) AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_moves AS moves
JOIN stitch_resolved AS previous
  ON previous.main_id = moves.from_main_id
LEFT JOIN stitch_origins AS origins
  ON origins.main_id = moves.to_main_id AND origins.from_main_id = moves.from_main_id
WHERE
  previous.now_main_id IS DISTINCT FROM moves.to_main_id
  AND origins.main_id IS NULL
UNION ALL
SELECT
  'text' AS event,
  main_id,
  CAST(NULL AS TEXT) AS previous_main_id,
  CAST(1 AS BIGINT) AS ids_moved,
  'text' AS cause
FROM stitch_resolved AS resolved
WHERE
  is_reanchored;

-- execute
INSERT INTO "profiles"."Material_graph_events" (
  event,
  main_id,
  previous_main_id,
  ids_moved,
  cause
)
SELECT
  event,
  main_id,
  previous_main_id,
  ids_moved,
  cause
FROM stitch_events_of_run;

-- execute
INSERT INTO "profiles"."Material_graph_evidence" (
  __left,
  __right,
  __source,
  __day,
  row_count,
  first_seen_at,
  last_seen_at,
  sample_key
)
SELECT
  __left,
  __right,
  __source,
  __day,
  row_count,
  first_seen_at,
  last_seen_at,
  sample_key
FROM stitch_evidence_read;

-- execute
INSERT INTO "profiles"."Material_graph_evidence" (
  __left,
  __right,
  __source,
  __day,
  row_count,
  first_seen_at,
  last_seen_at,
  sample_key,
  __from_version,
  __to_version
)
SELECT
  added.__left,
  added.__right,
  added.__source,
  added.__day,
  added.row_count,
  added.first_seen_at,
  added.last_seen_at,
  added.sample_key,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_inserted_evidence
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_files" (
  __source,
  file,
  state,
  read_until
)
SELECT
  __source,
  file,
  state,
  read_until
FROM stitch_files_read;

-- execute
INSERT INTO "profiles"."Material_graph_files" (
  __source,
  file,
  state,
  read_until,
  __from_version,
  __to_version
)
SELECT
  added.__source,
  added.file,
  added.state,
  added.read_until,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_files_read
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_lists" (
  list_number,
  id_type,
  id
)
SELECT
  list_number,
  id_type,
  id
FROM stitch_lists_now;

-- execute
INSERT INTO "profiles"."Material_graph_lists" (
  list_number,
  id_type,
  id,
  __from_version,
  __to_version
)
SELECT
  added.list_number,
  added.id_type,
  added.id,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_lists_now
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_members" (
  other_id,
  other_id_type,
  valid_at,
  first_seen_at,
  __profile,
  __node
)
SELECT
  id AS other_id,
  id_type AS other_id_type,
  valid_at,
  first_seen_at,
  component AS __profile,
  node AS __node
FROM stitch_solved AS solved;

-- execute
INSERT INTO "profiles"."Material_graph_members" (
  other_id,
  other_id_type,
  valid_at,
  first_seen_at,
  __profile,
  __node,
  __from_version,
  __to_version
)
SELECT
  added.other_id,
  added.other_id_type,
  added.valid_at,
  added.first_seen_at,
  added.__profile,
  added.__node,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_inserted_members
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_names" (
  __profile,
  main_id
)
SELECT
  component AS __profile,
  main_id
FROM stitch_named AS named;

-- execute
INSERT INTO "profiles"."Material_graph_names" (
  __profile,
  main_id,
  __from_version,
  __to_version
)
SELECT
  added.__profile,
  added.main_id,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_inserted_names
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_over_limit" (
  limit_number,
  node,
  neighbours
)
SELECT
  limit_number,
  node,
  neighbours
FROM stitch_over_limit_read;

-- execute
INSERT INTO "profiles"."Material_graph_over_limit" (
  limit_number,
  node,
  neighbours,
  __from_version,
  __to_version
)
SELECT
  added.limit_number,
  added.node,
  added.neighbours,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_inserted_over_limit
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_quarantined" (
  rule,
  id1,
  id1_type,
  id2,
  id2_type,
  __source,
  __day,
  row_count,
  first_seen_at,
  sample_key,
  found,
  allowed,
  reason
)
SELECT
  rule,
  id1,
  id1_type,
  id2,
  id2_type,
  __source,
  __day,
  row_count,
  first_seen_at,
  sample_key,
  found,
  allowed,
  reason
FROM stitch_excluded;

-- execute
INSERT INTO "profiles"."Material_graph_quarantined" (
  rule,
  id1,
  id1_type,
  id2,
  id2_type,
  __source,
  __day,
  row_count,
  first_seen_at,
  sample_key,
  found,
  allowed,
  reason,
  __from_version,
  __to_version
)
SELECT
  added.rule,
  added.id1,
  added.id1_type,
  added.id2,
  added.id2_type,
  added.__source,
  added.__day,
  added.row_count,
  added.first_seen_at,
  added.sample_key,
  added.found,
  added.allowed,
  added.reason,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_excluded
) AS added;

-- execute
INSERT INTO "profiles"."Material_graph_quarantined" (
  rule,
  id1,
  id1_type,
  id2,
  id2_type,
  __source,
  __day,
  row_count,
  first_seen_at,
  sample_key,
  found,
  allowed,
  reason,
  __from_version,
  __to_version
)
SELECT
  added.rule,
  added.id1,
  added.id1_type,
  added.id2,
  added.id2_type,
  added.__source,
  added.__day,
  added.row_count,
  added.first_seen_at,
  added.sample_key,
  added.found,
  added.allowed,
  added.reason,
  1,
  1
FROM (
  SELECT
    *
  FROM stitch_inserted_quarantined
) AS added;

-- execute
INSERT INTO "profiles"."material_registry" (
  seq_no,
  model_ref,
  model_name,
  model_type,
  model_hash,
  material_name,
  row_count,
  seconds,
  creation_ts,
  metadata
)
VALUES
  (
    1,
    'text',
    'text',
    'text',
    'text',
    'text',
    1,
    1,
    CAST('text' AS TIMESTAMP),
    'text'
  );

-- execute
INSERT INTO "profiles"."publication_registry" (
  model_ref,
  material_name,
  seq_no,
  end_ts,
  published_ts,
  contents
)
VALUES
  ('text', 'text', 1, CAST('text' AS TIMESTAMP), CAST('text' AS TIMESTAMP), 'text');

-- execute
INSERT INTO "profiles"."publish_pointer" (
  fence,
  version,
  seq_no,
  holder,
  taken_ts
)
VALUES
  (1, 1, NULL, NULL, NULL);

-- execute
INSERT INTO "profiles"."published_registry" (
  model_ref,
  material_name,
  seq_no,
  end_ts
)
VALUES
  ('text', 'text', 1, CAST('text' AS TIMESTAMP));

-- execute
INSERT INTO "profiles"."run_registry" (
  seq_no,
  begin_ts,
  end_ts,
  creation_ts,
  published_ts,
  project
)
VALUES
  (1, NULL, CAST('text' AS TIMESTAMP), CAST('text' AS TIMESTAMP), NULL, 'text');

-- fetch
SELECT
  'text' AS kind,
  COUNT(*) AS profiles,
  CAST(COALESCE(SUM(flows.ids), 1) AS BIGINT) AS ids
FROM diff_flows AS flows
JOIN diff_after AS now
  ON now.main_id = flows.to_main_id
JOIN diff_before AS was
  ON was.main_id = flows.from_main_id
WHERE
  now.ids = flows.ids AND was.ids = flows.ids
UNION ALL
SELECT
  'text' AS kind,
  COUNT(*) AS profiles,
  CAST(COALESCE(SUM(moved), 1) AS BIGINT) AS ids
FROM (
  SELECT
    main_id,
    ids,
    ids AS moved
  FROM diff_after
  WHERE
    parts = 1
) AS changed
UNION ALL
SELECT
  'text' AS kind,
  COUNT(*) AS profiles,
  CAST(COALESCE(SUM(moved), 1) AS BIGINT) AS ids
FROM (
  SELECT
    main_id,
    ids,
    new_ids AS moved
  FROM diff_after
  WHERE
    parts > 1 AND new_ids > 1
) AS changed
UNION ALL
SELECT
  'text' AS kind,
  COUNT(*) AS profiles,
  CAST(COALESCE(SUM(moved), 1) AS BIGINT) AS ids
FROM (
  SELECT
    main_id,
    ids,
    ids - new_ids - largest AS moved
  FROM diff_after
  WHERE
    parts > 1
) AS changed
UNION ALL
SELECT
  'text' AS kind,
  COUNT(*) AS profiles,
  CAST(COALESCE(SUM(moved), 1) AS BIGINT) AS ids
FROM (
  SELECT
    main_id,
    ids,
    ids - lost_ids - largest AS moved
  FROM diff_before
  WHERE
    parts > 1
) AS changed
UNION ALL
SELECT
  'text' AS kind,
  COUNT(*) AS profiles,
  CAST(COALESCE(SUM(moved), 1) AS BIGINT) AS ids
FROM (
  SELECT
    main_id,
    ids,
    lost_ids AS moved
  FROM diff_before
  WHERE
    parts > 1 AND lost_ids > 1
) AS changed
UNION ALL
SELECT
  'text' AS kind,
  COUNT(*) AS profiles,
  CAST(COALESCE(SUM(moved), 1) AS BIGINT) AS ids
FROM (
  SELECT
    main_id,
    ids,
    ids AS moved
  FROM diff_before
  WHERE
    parts = 1
) AS changed;

-- fetch
SELECT
  'text' AS rule,
  CAST(a.id AS TEXT) AS id1,
  CAST(a.id_type AS TEXT) AS id1_type,
  CAST(b.id AS TEXT) AS id2,
  CAST(b.id_type AS TEXT) AS id2_type,
  CAST(found.__source AS SMALLINT) AS __source,
  CAST(NULL AS DATE) AS __day,
  found.row_count,
  found.first_seen_at,
  found.sample_key,
  CAST(cut.neighbours AS BIGINT) AS found,
  CAST(CASE cut.limit_number WHEN 1 THEN 1 WHEN 1 THEN 1 WHEN 1 THEN 1 END AS BIGINT) AS allowed,
  CAST(NULL AS TEXT) AS reason
FROM stitch_cut AS cut
JOIN stitch_nodes AS a
  ON a.node = cut.node
JOIN stitch_nodes AS b
  ON b.node = cut.neighbour
JOIN (
  SELECT
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE LEAST(left_node, right_node)
    END AS left_node,
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE GREATEST(left_node, right_node)
    END AS right_node,
    __source,
    CAST(SUM(row_count) AS BIGINT) AS row_count,
    MIN(seen_at) AS first_seen_at,
    COALESCE(ARG_MIN(sample_key, seen_at), MIN(sample_key)) AS sample_key
  FROM stitch_found
  GROUP BY
    left_node,
    right_node,
    __source
) AS found
  ON found.left_node = CASE WHEN a.node IS NULL OR b.node IS NULL THEN NULL ELSE LEAST(a.node, b.node) END
  AND found.right_node = CASE
    WHEN a.node IS NULL OR b.node IS NULL
    THEN NULL
    ELSE GREATEST(a.node, b.node)
  END
UNION ALL
SELECT
  'text' AS rule,
  CAST(a.id AS TEXT) AS id1,
  CAST(a.id_type AS TEXT) AS id1_type,
  CAST(b.id AS TEXT) AS id2,
  CAST(b.id_type AS TEXT) AS id2_type,
  CAST(found.__source AS SMALLINT) AS __source,
  CAST(NULL AS DATE) AS __day,
  found.row_count,
  found.first_seen_at,
  found.sample_key,
  CAST(NULL AS BIGINT) AS found,
  CAST(NULL AS BIGINT) AS allowed,
  CAST(rules.reason AS TEXT) AS reason
FROM stitch_rules AS rules
JOIN stitch_nodes AS a
  ON a.id_type = rules.type_a AND a.id = rules.id_a
JOIN stitch_nodes AS b
  ON b.id_type = rules.type_b AND b.id = rules.id_b
JOIN (
  SELECT
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE LEAST(left_node, right_node)
    END AS left_node,
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE GREATEST(left_node, right_node)
    END AS right_node,
    __source,
    CAST(SUM(row_count) AS BIGINT) AS row_count,
    MIN(seen_at) AS first_seen_at,
    COALESCE(ARG_MIN(sample_key, seen_at), MIN(sample_key)) AS sample_key
  FROM stitch_found
  GROUP BY
    left_node,
    right_node,
    __source
) AS found
  ON found.left_node = CASE WHEN a.node IS NULL OR b.node IS NULL THEN NULL ELSE LEAST(a.node, b.node) END
  AND found.right_node = CASE
    WHEN a.node IS NULL OR b.node IS NULL
    THEN NULL
    ELSE GREATEST(a.node, b.node)
  END
WHERE
  rules.action = 'text';

-- fetch
SELECT
  (
    SELECT
      COUNT(*)
    FROM "profiles"."Material_graph_members"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS rows_members,
  (
    SELECT
      COUNT(*)
    FROM "profiles"."Material_graph_names"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS rows_names,
  (
    SELECT
      COUNT(*)
    FROM "profiles"."Material_graph_anchors"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS rows_anchors,
  (
    SELECT
      COUNT(*)
    FROM "profiles"."Material_graph_evidence"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS rows_evidence,
  (
    SELECT
      CAST(CAST((
        (
          SUM(
            CAST(HASH(HASH(main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no)) AS INT128)
          ) % 1
        ) + 1
      ) % 1 AS BIGINT) AS TEXT)
    FROM "profiles"."Material_graph_anchors"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS digest_anchors,
  (
    SELECT
      CAST(CAST((
        (
          SUM(CAST(HASH(HASH(__profile, main_id)) AS INT128)) % 1
        ) + 1
      ) % 1 AS BIGINT) AS TEXT)
    FROM "profiles"."Material_graph_names"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS digest_names,
  CAST(HASH(HASH('text')) AS TEXT) AS probe;

-- fetch
SELECT
  (
    SELECT
      MAX(seq_no)
    FROM "profiles"."run_registry"
  ) AS run_registry,
  (
    SELECT
      MAX(seq_no)
    FROM "profiles"."material_registry"
  ) AS material_registry,
  (
    SELECT
      MAX(seq_no)
    FROM "profiles"."published_registry"
  ) AS published_registry;

-- describe
SELECT
  *
FROM "check";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_anchors";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_digests";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_dropped";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_evidence";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_files";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_lists";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_members";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_names";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_over_limit";

-- describe
SELECT
  *
FROM "profiles"."Material_graph_quarantined";

-- describe
SELECT
  *
FROM "profiles"."Material_user_feature_view";

-- describe
SELECT
  *
FROM "profiles"."USER_FEATURE_VIEW";

-- fetch
SELECT
  *
FROM "profiles"."USER_FEATURE_VIEW";

-- fetch
SELECT
  *
FROM "profiles"."USER_FEATURE_VIEW"
WHERE
  user_main_id IN ('text');

-- fetch
SELECT
  *
FROM (
  SELECT
    COUNT(*) AS profiles_before,
    CAST(COALESCE(SUM(ids), 1) AS BIGINT) AS ids_before,
    COALESCE(COUNT_IF(parts = 1), 1) AS alone_before,
    COALESCE(COUNT_IF(parts > 1 AND person_parts > 1), 1) AS persons_before
  FROM diff_before
) AS was
CROSS JOIN (
  SELECT
    COUNT(*) AS profiles_after,
    CAST(COALESCE(SUM(ids), 1) AS BIGINT) AS ids_after,
    COALESCE(COUNT_IF(parts = 1), 1) AS alone_after,
    COALESCE(COUNT_IF(parts > 1 AND person_parts > 1), 1) AS persons_after
  FROM diff_after
) AS now
CROSS JOIN (
  SELECT
    COUNT(*) AS kept
  FROM diff_before AS was
  JOIN diff_after AS now
    ON was.main_id = now.main_id
) AS of_both
CROSS JOIN (
  SELECT
    CAST(COALESCE(
      SUM(
        CASE
          WHEN NOT from_main_id IS NULL AND NOT to_main_id IS NULL AND from_main_id <> to_main_id
          THEN ids
          ELSE 1
        END
      ),
      1
    ) AS BIGINT) AS ids_moved
  FROM diff_flows
) AS moved
CROSS JOIN (
  SELECT
    COUNT(*) AS main_ids_created
  FROM diff_after AS own
  LEFT JOIN diff_before AS other
    ON own.main_id = other.main_id
  WHERE
    other.main_id IS NULL AND own.parts = 1
) AS of_created
CROSS JOIN (
  SELECT
    COUNT(*) AS main_ids_retired
  FROM diff_before AS own
  LEFT JOIN diff_after AS other
    ON own.main_id = other.main_id
  WHERE
    other.main_id IS NULL AND own.parts = 1
) AS of_retired;

-- fetch
SELECT
  *
FROM (
  SELECT
    from_main_id AS main_id,
    to_main_id AS part,
    ids,
    ROW_NUMBER() OVER (PARTITION BY from_main_id ORDER BY ids DESC, to_main_id) AS part_no
  FROM diff_flows
  WHERE
    from_main_id IN ('text')
) AS numbered
WHERE
  part_no <= 1
ORDER BY
  main_id NULLS FIRST,
  part_no NULLS FIRST;

-- fetch
SELECT
  *
FROM (
  SELECT
    id_type,
    id
  FROM (
    SELECT
      id1_type AS id_type,
      id1 AS id
    FROM main.id_stitch_rules
    WHERE
      LOWER(entity) = 'text' AND id1 <> 'text'
    UNION
    SELECT
      id2_type AS id_type,
      id2 AS id
    FROM main.id_stitch_rules
    WHERE
      LOWER(entity) = 'text' AND id2 <> 'text'
  ) AS named
  EXCEPT
  SELECT
    id_type,
    id
  FROM (
    SELECT
      __node,
      other_id_type AS id_type,
      other_id AS id
    FROM "profiles"."Material_graph_members"
    WHERE
      (
        __from_version <= 1 AND __to_version > 1
      )
      AND (other_id_type, other_id) IN (
        SELECT
          id_type,
          id
        FROM (
          SELECT
            id1_type AS id_type,
            id1 AS id
          FROM main.id_stitch_rules
          WHERE
            LOWER(entity) = 'text' AND id1 <> 'text'
          UNION
          SELECT
            id2_type AS id_type,
            id2 AS id
          FROM main.id_stitch_rules
          WHERE
            LOWER(entity) = 'text' AND id2 <> 'text'
        ) AS wanted
      )
  ) AS members
  WHERE
    __node IN (
      SELECT
        __left AS seen_node
      FROM "profiles"."Material_graph_evidence"
      WHERE
        (
          __from_version <= 1 AND __to_version > 1
        ) AND __source IN (1)
      UNION ALL
      SELECT
        __right AS seen_node
      FROM "profiles"."Material_graph_evidence"
      WHERE
        (
          __from_version <= 1 AND __to_version > 1
        ) AND __source IN (1)
    )
  EXCEPT
  SELECT
    id1_type AS id_type,
    id1 AS id
  FROM "profiles"."Material_graph_quarantined"
  WHERE
    (
      __from_version <= 1 AND __to_version > 1
    )
    AND id2 IS NULL
    AND (id1_type, id1) IN (
      SELECT
        id_type,
        id
      FROM (
        SELECT
          id1_type AS id_type,
          id1 AS id
        FROM main.id_stitch_rules
        WHERE
          LOWER(entity) = 'text' AND id1 <> 'text'
        UNION
        SELECT
          id2_type AS id_type,
          id2 AS id
        FROM main.id_stitch_rules
        WHERE
          LOWER(entity) = 'text' AND id2 <> 'text'
      ) AS wanted
    )
) AS unknown
ORDER BY
  id_type NULLS FIRST,
  id NULLS FIRST;

-- fetch
SELECT
  *
FROM (
  SELECT
    main_id,
    ids,
    ids - lost_ids - largest AS moved
  FROM diff_before
  WHERE
    parts > 1
) AS changed
ORDER BY
  moved DESC,
  ids DESC,
  main_id
LIMIT 1;

-- fetch
SELECT
  *
FROM (
  SELECT
    main_id,
    ids,
    ids - new_ids - largest AS moved
  FROM diff_after
  WHERE
    parts > 1
) AS changed
ORDER BY
  moved DESC,
  ids DESC,
  main_id
LIMIT 1;

-- fetch
SELECT
  *
FROM (
  SELECT
    main_id,
    ids,
    ids AS moved
  FROM diff_after
  WHERE
    parts = 1
) AS changed
ORDER BY
  moved DESC,
  ids DESC,
  main_id
LIMIT 1;

-- fetch
SELECT
  *
FROM (
  SELECT
    main_id,
    ids,
    ids AS moved
  FROM diff_before
  WHERE
    parts = 1
) AS changed
ORDER BY
  moved DESC,
  ids DESC,
  main_id
LIMIT 1;

-- fetch
SELECT
  *
FROM (
  SELECT
    main_id,
    ids,
    lost_ids AS moved
  FROM diff_before
  WHERE
    parts > 1 AND lost_ids > 1
) AS changed
ORDER BY
  moved DESC,
  ids DESC,
  main_id
LIMIT 1;

-- fetch
SELECT
  *
FROM (
  SELECT
    main_id,
    ids,
    new_ids AS moved
  FROM diff_after
  WHERE
    parts > 1 AND new_ids > 1
) AS changed
ORDER BY
  moved DESC,
  ids DESC,
  main_id
LIMIT 1;

-- describe
SELECT
  *
FROM (
  SELECT
    nodes.node,
    CAST(CASE
      WHEN (
        NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
        OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
      )
      AND CASE
        WHEN (
          NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
          OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
        )
        THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
        ELSE nodes.id
      END = 'text'
      THEN 1
      WHEN ruled.action = 'text'
      THEN NULL
      WHEN ruled.action = 'text'
      THEN 1
      WHEN nodes.id_type = 'text' AND (
        nodes.id = 'text'
      )
      THEN 1
      WHEN nodes.id_type = 'text' AND NOT (
        REGEXP_FULL_MATCH(nodes.id, 'text')
      )
      THEN 1
    END AS INT) AS place,
    ruled.reason AS reason,
    (
      NOT (
        (
          NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
          OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
        )
        AND CASE
          WHEN (
            NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
            OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
          )
          THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
          ELSE nodes.id
        END = 'text'
      )
      AND (
        LOWER(
          CASE
            WHEN (
              NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
              OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
            )
            THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
            ELSE nodes.id
          END
        ) IN ('text')
        OR STARTS_WITH(
          CASE
            WHEN (
              NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
              OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
            )
            THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
            ELSE nodes.id
          END,
          'text'
        )
        OR STARTS_WITH(
          CASE
            WHEN (
              NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
              OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
            )
            THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
            ELSE nodes.id
          END,
          'text'
        )
        OR STARTS_WITH(
          CASE
            WHEN (
              NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
              OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
            )
            THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
            ELSE nodes.id
          END,
          'text'
        )
      )
    ) AS is_placeholder
  FROM stitch_nodes AS nodes
  LEFT JOIN stitch_node_rules AS ruled
    ON ruled.id_type = nodes.id_type AND ruled.id = nodes.id
) AS checked
WHERE
  NOT place IS NULL OR is_placeholder;

-- fetch
SELECT
  *
FROM (
  SELECT
    nodes.node,
    CAST(CASE
      WHEN (
        NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
        OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
      )
      AND CASE
        WHEN (
          NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
          OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
        )
        THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
        ELSE nodes.id
      END = 'text'
      THEN 1
      WHEN ruled.action = 'text'
      THEN NULL
      WHEN ruled.action = 'text'
      THEN 1
      WHEN nodes.id_type = 'text' AND (
        nodes.id = 'text'
      )
      THEN 1
      WHEN nodes.id_type = 'text' AND NOT (
        REGEXP_FULL_MATCH(nodes.id, 'text')
      )
      THEN 1
    END AS INT) AS place,
    ruled.reason AS reason,
    (
      NOT (
        (
          NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
          OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
        )
        AND CASE
          WHEN (
            NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
            OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
          )
          THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
          ELSE nodes.id
        END = 'text'
      )
      AND (
        LOWER(
          CASE
            WHEN (
              NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
              OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
            )
            THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
            ELSE nodes.id
          END
        ) IN ('text')
        OR STARTS_WITH(
          CASE
            WHEN (
              NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
              OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
            )
            THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
            ELSE nodes.id
          END,
          'text'
        )
        OR STARTS_WITH(
          CASE
            WHEN (
              NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
              OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
            )
            THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
            ELSE nodes.id
          END,
          'text'
        )
        OR STARTS_WITH(
          CASE
            WHEN (
              NOT LEFT(nodes.id, 1) BETWEEN 'text' AND 'text'
              OR NOT RIGHT(nodes.id, 1) BETWEEN 'text' AND 'text'
            )
            THEN REGEXP_REPLACE(nodes.id, 'text', 'text')
            ELSE nodes.id
          END,
          'text'
        )
      )
    ) AS is_placeholder
  FROM stitch_nodes AS nodes
  LEFT JOIN stitch_node_rules AS ruled
    ON ruled.id_type = nodes.id_type AND ruled.id = nodes.id
) AS checked
WHERE
  NOT place IS NULL OR is_placeholder;

-- fetch
SELECT
  *
FROM (
  SELECT
    own.main_id AS main_id,
    other.main_id AS part,
    own.id,
    own.id_type,
    ROW_NUMBER() OVER (
      PARTITION BY own.main_id, other.main_id
      ORDER BY CASE own.id_type WHEN 'text' THEN 1 WHEN 'text' THEN 1 WHEN 'text' THEN 1 ELSE 1 END, own.id
    ) AS id_no
  FROM (
    SELECT
      user_main_id AS main_id,
      other_id AS id,
      other_id_type AS id_type
    FROM diff_ids_after
  ) AS own
  LEFT JOIN (
    SELECT
      user_main_id AS main_id,
      other_id AS id,
      other_id_type AS id_type
    FROM diff_ids_before
  ) AS other
    ON own.id = other.id AND own.id_type = other.id_type
  WHERE
    own.main_id IN ('text')
) AS numbered
WHERE
  id_no <= 1
ORDER BY
  main_id NULLS FIRST,
  part NULLS FIRST,
  id_no NULLS FIRST;

-- fetch
SELECT
  *
FROM (
  SELECT
    own.main_id AS main_id,
    other.main_id AS part,
    own.id,
    own.id_type,
    ROW_NUMBER() OVER (
      PARTITION BY own.main_id, other.main_id
      ORDER BY CASE own.id_type WHEN 'text' THEN 1 WHEN 'text' THEN 1 WHEN 'text' THEN 1 ELSE 1 END, own.id
    ) AS id_no
  FROM (
    SELECT
      user_main_id AS main_id,
      other_id AS id,
      other_id_type AS id_type
    FROM diff_ids_before
  ) AS own
  LEFT JOIN (
    SELECT
      user_main_id AS main_id,
      other_id AS id,
      other_id_type AS id_type
    FROM diff_ids_after
  ) AS other
    ON own.id = other.id AND own.id_type = other.id_type
  WHERE
    own.main_id IN ('text')
) AS numbered
WHERE
  id_no <= 1
ORDER BY
  main_id NULLS FIRST,
  part NULLS FIRST,
  id_no NULLS FIRST;

-- fetch
SELECT
  *
FROM (
  SELECT
    to_main_id AS main_id,
    from_main_id AS part,
    ids,
    ROW_NUMBER() OVER (PARTITION BY to_main_id ORDER BY ids DESC, from_main_id) AS part_no
  FROM diff_flows
  WHERE
    to_main_id IN ('text')
) AS numbered
WHERE
  part_no <= 1
ORDER BY
  main_id NULLS FIRST,
  part_no NULLS FIRST;

-- describe
SELECT
  *
FROM USER_FEATURE_VIEW;

-- fetch
SELECT
  *
FROM audit_nodes
ORDER BY
  __node NULLS FIRST;

-- fetch
SELECT
  *
FROM diff_causes
WHERE
  main_id IN ('text') AND effect IN ('text') AND edge_no <= 1
ORDER BY
  main_id NULLS FIRST,
  edge_no NULLS FIRST;

-- describe
SELECT
  *
FROM main.id_stitch_rules;

-- describe
SELECT
  *
FROM main_ids_file;

-- describe
SELECT
  *
FROM raw.main.logins;

-- describe
SELECT
  *
FROM raw.main.logins
WHERE
  ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL;

-- describe
SELECT
  *
FROM raw.main.mails;

-- describe
SELECT
  *
FROM raw.main.mails
WHERE
  ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL;

-- describe
SELECT
  *
FROM stitch_node_rules;

-- describe
SELECT
  *
FROM stitch_nodes;

-- fetch
SELECT
  *
FROM stitch_over_limit_now;

-- describe
SELECT
  *
FROM stitch_rules;

-- fetch
SELECT
  *,
  COUNT(*) OVER () AS doubled
FROM (
  SELECT
    other_id,
    other_id_type,
    MIN(main_id) AS one_main_id,
    MAX(main_id) AS other_main_id
  FROM main_ids_given
  GROUP BY
    other_id,
    other_id_type
  HAVING
    COUNT(*) > 1
) AS doubled_ids
ORDER BY
  other_id_type NULLS FIRST,
  other_id NULLS FIRST
LIMIT 1;

-- describe
SELECT
  -1 AS x;

-- describe
SELECT
  1 AS x;

-- describe
SELECT
  CASE
    WHEN 'text' IS NULL OR CAST(NULL AS TEXT) IS NULL OR CAST(NULL AS TEXT) IS NULL
    THEN NULL
    ELSE CONCAT_WS('text', CAST(NULL AS TEXT), CAST(NULL AS TEXT))
  END AS x;

-- describe
SELECT
  CASE
    WHEN NULL
    THEN 1
    WHEN NULL
    THEN NULL
    WHEN NULL
    THEN 1
    WHEN NULL
    THEN 1
    WHEN NULL
    THEN 1
  END AS x;

-- fetch
SELECT
  CASE
    WHEN __left IS NULL OR __right IS NULL
    THEN NULL
    ELSE LEAST(__left, __right)
  END AS one,
  CASE
    WHEN __left IS NULL OR __right IS NULL
    THEN NULL
    ELSE GREATEST(__left, __right)
  END AS other,
  BOOL_OR(CAST(NOT __source IN (1) AS BOOLEAN)) AS is_made
FROM "profiles"."Material_graph_evidence"
WHERE
  (
    __from_version <= 1 AND __to_version > 1
  ) AND __left <> __right
GROUP BY
  CASE
    WHEN __left IS NULL OR __right IS NULL
    THEN NULL
    ELSE LEAST(__left, __right)
  END,
  CASE
    WHEN __left IS NULL OR __right IS NULL
    THEN NULL
    ELSE GREATEST(__left, __right)
  END;

-- describe
SELECT
  CASE WHEN NULL THEN 'text' ELSE 'text' END AS x;

-- describe
SELECT
  CASE WHEN NULL THEN CAST(NULL AS TEXT) ELSE CAST(NULL AS TEXT) END AS x;

-- describe
SELECT
  CAST(NULL AS BIGINT) AS x;

-- describe
SELECT
  CAST(NULL AS DATE) AS x;

-- describe
SELECT
  CAST(NULL AS INT) AS x;

-- describe
SELECT
  CAST(NULL AS INT128) % 1 + 1 % 1 AS x;

-- describe
SELECT
  CAST(NULL AS INT128) % 1 + 1 AS x;

-- describe
SELECT
  CAST(NULL AS INT128) % 1 AS x;

-- describe
SELECT
  CAST(NULL AS INT128) AS x;

-- describe
SELECT
  CAST(NULL AS TEXT) AS x;

-- describe
SELECT
  CAST(NULL AS TIMESTAMP) AS x;

-- fetch
SELECT
  CAST(first_seen_at AS DATE) AS day,
  COUNT_IF(effect IN ('text')) AS joined,
  COUNT_IF(effect IN ('text')) AS grew,
  COUNT_IF(effect IN ('text')) AS split
FROM diff_causes
GROUP BY
  CAST(first_seen_at AS DATE)
ORDER BY
  day DESC;

-- fetch
SELECT
  CAST(seen_at AS DATE) AS __day,
  COUNT(*) AS row_count,
  CAST((
    (
      SUM(CAST(row_digest AS INT128)) % 1
    ) + 1
  ) % 1 AS BIGINT) AS digest
FROM (
  WITH input_logins AS (
    SELECT
      *
    FROM raw.main.logins
    WHERE
      ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
  ), read_ids AS (
    SELECT
      CAST(ts AS TIMESTAMP) AS seen_at,
      CAST(user_id AS TEXT) COLLATE "C" AS id_1,
      CAST(device AS TEXT) COLLATE "C" AS id_2,
      CAST(key AS TEXT) AS sample_key
    FROM input_logins
  )
  SELECT
    id_1,
    id_2,
    seen_at,
    sample_key,
    HASH(HASH(id_1, id_2, seen_at, sample_key)) AS row_digest
  FROM read_ids
  WHERE
    NOT id_1 IS NULL OR NOT id_2 IS NULL
) AS every_row
GROUP BY
  CAST(seen_at AS DATE);

-- fetch
SELECT
  CAST(seen_at AS DATE) AS __day,
  COUNT(*) AS row_count,
  CAST((
    (
      SUM(CAST(row_digest AS INT128)) % 1
    ) + 1
  ) % 1 AS BIGINT) AS digest
FROM (
  WITH input_mails AS (
    SELECT
      *
    FROM raw.main.mails
    WHERE
      ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
  ), read_ids AS (
    SELECT
      CAST(ts AS TIMESTAMP) AS seen_at,
      CAST(user_id AS TEXT) COLLATE "C" AS id_1,
      CAST(email AS TEXT) COLLATE "C" AS id_2
    FROM input_mails
  )
  SELECT
    id_1,
    id_2,
    seen_at,
    HASH(HASH(id_1, id_2, seen_at)) AS row_digest
  FROM read_ids
  WHERE
    NOT id_1 IS NULL OR NOT id_2 IS NULL
) AS every_row
GROUP BY
  CAST(seen_at AS DATE);

-- describe
SELECT
  COALESCE(CAST(NULL AS BIGINT), 1) AS x;

-- describe
SELECT
  COALESCE(CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)) AS x;

-- fetch
SELECT
  COALESCE(COUNT_IF(differs_0), 1) AS changed_0,
  COALESCE(COUNT_IF(differs_0 AND was_0 IS NULL), 1) AS appeared_0,
  COALESCE(COUNT_IF(differs_0 AND now_0 IS NULL), 1) AS vanished_0,
  CAST(NULL AS DOUBLE) AS largest_0,
  COALESCE(COUNT_IF(differs_1), 1) AS changed_1,
  COALESCE(COUNT_IF(differs_1 AND was_1 IS NULL), 1) AS appeared_1,
  COALESCE(COUNT_IF(differs_1 AND now_1 IS NULL), 1) AS vanished_1,
  CAST(NULL AS DOUBLE) AS largest_1,
  COALESCE(COUNT_IF(differs_2), 1) AS changed_2,
  COALESCE(COUNT_IF(differs_2 AND was_2 IS NULL), 1) AS appeared_2,
  COALESCE(COUNT_IF(differs_2 AND now_2 IS NULL), 1) AS vanished_2,
  CAST(MAX(
    ABS((
      COALESCE(CAST(now_2 AS DOUBLE), 1) - COALESCE(CAST(was_2 AS DOUBLE), 1)
    ))
  ) AS DOUBLE) AS largest_2,
  COALESCE(COUNT_IF(differs_3), 1) AS changed_3,
  COALESCE(COUNT_IF(differs_3 AND was_3 IS NULL), 1) AS appeared_3,
  COALESCE(COUNT_IF(differs_3 AND now_3 IS NULL), 1) AS vanished_3,
  CAST(MAX(
    ABS((
      COALESCE(CAST(now_3 AS DOUBLE), 1) - COALESCE(CAST(was_3 AS DOUBLE), 1)
    ))
  ) AS DOUBLE) AS largest_3
FROM diff_features;

-- fetch
SELECT
  COUNT(*) AS changed
FROM stitch_changed_lists AS changed_lists
WHERE
  list_number = -1;

-- fetch
SELECT
  COUNT(*) AS compared,
  CAST(COALESCE(
    SUM(CASE WHEN differs_0 OR differs_1 OR differs_2 OR differs_3 THEN 1 ELSE 1 END),
    1
  ) AS BIGINT) AS changed
FROM diff_features;

-- fetch
SELECT
  COUNT(*) AS every_row
FROM main_ids_file;

-- fetch
SELECT
  COUNT(*) AS ids,
  COUNT(DISTINCT __profile) AS profiles
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS members_after;

-- fetch
SELECT
  COUNT(*) AS n
FROM "profiles"."Material_graph_members"
WHERE
  (
    __from_version <= 1 AND __to_version > 1
  )
  AND (
    __from_version <= 1 AND __to_version > 1
  )
  AND NOT __profile IN (
    SELECT
      __profile
    FROM diff_touched
  );

-- fetch
SELECT
  COUNT(*) AS n
FROM "profiles"."Material_graph_names"
WHERE
  (
    __from_version <= 1 AND __to_version > 1
  )
  AND (
    __from_version <= 1 AND __to_version > 1
  )
  AND NOT __profile IN (
    SELECT
      __profile
    FROM diff_touched
  );

-- fetch
SELECT
  COUNT(*) AS n
FROM USER_FEATURE_VIEW;

-- fetch
SELECT
  COUNT(*) AS n
FROM audit_sizes
WHERE
  ids > 1 AND NOT (
    ids_0 > 1 OR ids_1 > 1 OR ids_2 > 1
  );

-- fetch
SELECT
  COUNT(*) AS profiles,
  COUNT(DISTINCT main_id) AS main_ids
FROM stitch_named AS named;

-- fetch
SELECT
  COUNT(*) AS profiles,
  COUNT_IF(ids_0 > 1 OR ids_1 > 1 OR ids_2 > 1) AS flagged
FROM audit_sizes;

-- fetch
-- not in bigquery: 'NULLS LAST' translation not supported for aggregate function PERCENTILE_DISC with sort order 'NULLS LAST' translation not supported for ag…
SELECT
  COUNT(*) AS profiles,
  SUM(ids) AS ids,
  MAX(ids) AS largest,
  AVG(ids) AS mean,
  MEDIAN(ids) AS median,
  QUANTILE_DISC(ids, 1 ORDER BY ids) AS p90,
  QUANTILE_DISC(ids, 1 ORDER BY ids) AS p99,
  COUNT_IF(ids > 1) AS over_10,
  COUNT_IF(ids > 1) AS over_50,
  COUNT_IF(ids > 1) AS over_100,
  COUNT_IF(ids > 1) AS over_1000,
  COUNT_IF(ids = 1) AS singletons,
  COUNT_IF(ids_0 > 1) AS several,
  SUM(ids_0) AS ids_0,
  COUNT_IF(ids_0 > 1) AS profiles_0,
  MAX(ids_0) AS most_0,
  COUNT_IF(ids = 1 AND ids_0 = 1) AS singletons_0,
  SUM(ids_1) AS ids_1,
  COUNT_IF(ids_1 > 1) AS profiles_1,
  MAX(ids_1) AS most_1,
  COUNT_IF(ids = 1 AND ids_1 = 1) AS singletons_1,
  SUM(ids_2) AS ids_2,
  COUNT_IF(ids_2 > 1) AS profiles_2,
  MAX(ids_2) AS most_2,
  COUNT_IF(ids = 1 AND ids_2 = 1) AS singletons_2
FROM (
  SELECT
    __profile,
    COUNT(*) AS ids,
    COUNT_IF(other_id_type = 'text') AS ids_0,
    COUNT_IF(other_id_type = 'text') AS ids_1,
    COUNT_IF(other_id_type = 'text') AS ids_2
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
  GROUP BY
    __profile
) AS sizes;

-- fetch
-- not in bigquery: 'NULLS LAST' translation not supported for aggregate function PERCENTILE_DISC with sort order 'NULLS LAST' translation not supported for ag…
SELECT
  COUNT(*) AS profiles,
  SUM(ids) AS ids,
  MAX(ids) AS largest,
  AVG(ids) AS mean,
  MEDIAN(ids) AS median,
  QUANTILE_DISC(ids, 1 ORDER BY ids) AS p90,
  QUANTILE_DISC(ids, 1 ORDER BY ids) AS p99,
  COUNT_IF(ids > 1) AS over_10,
  COUNT_IF(ids > 1) AS over_50,
  COUNT_IF(ids > 1) AS over_100,
  COUNT_IF(ids > 1) AS over_1000,
  COUNT_IF(ids = 1) AS singletons,
  COUNT_IF(ids_0 > 1) AS several,
  SUM(ids_0) AS ids_0,
  COUNT_IF(ids_0 > 1) AS profiles_0,
  MAX(ids_0) AS most_0,
  COUNT_IF(ids = 1 AND ids_0 = 1) AS singletons_0,
  SUM(ids_1) AS ids_1,
  COUNT_IF(ids_1 > 1) AS profiles_1,
  MAX(ids_1) AS most_1,
  COUNT_IF(ids = 1 AND ids_1 = 1) AS singletons_1,
  SUM(ids_2) AS ids_2,
  COUNT_IF(ids_2 > 1) AS profiles_2,
  MAX(ids_2) AS most_2,
  COUNT_IF(ids = 1 AND ids_2 = 1) AS singletons_2
FROM audit_sizes;

-- fetch
SELECT
  COUNT(*) AS row_count
FROM "profiles"."Material_graph"
WHERE
  other_id_type = 'text';

-- fetch
SELECT
  COUNT(*) AS row_count
FROM "profiles"."Material_graph_profiles";

-- fetch
SELECT
  COUNT(*) AS row_count
FROM "profiles"."Material_user_var_table";

-- fetch
SELECT
  COUNT(*) AS row_count,
  COUNT(DISTINCT HASH(key)) AS hashes
FROM (
  SELECT
    *
  FROM raw.main.logins
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
) AS input_rows
WHERE
  NOT key IS NULL;

-- fetch
SELECT
  COUNT(*) AS uncommitted
FROM "profiles"."Material_graph_digests"
WHERE
  __from_version > 1 OR (
    __to_version > 1 AND __to_version < 1
  );

-- fetch
SELECT
  COUNT(DISTINCT main_id) AS main_ids,
  COUNT(*) AS ids
FROM main_ids_given;

-- describe
SELECT
  HASH(
    HASH(
      CAST(NULL AS TEXT),
      CAST(NULL AS TEXT),
      CAST(NULL AS TEXT),
      CAST(NULL AS TEXT),
      CAST(NULL AS TEXT),
      CAST(NULL AS TEXT)
    )
  ) AS x;

-- describe
SELECT
  HASH(
    HASH(CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TIMESTAMP), CAST(NULL AS TEXT))
  ) AS x;

-- describe
SELECT
  HASH(HASH(CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TIMESTAMP))) AS x;

-- describe
SELECT
  LEFT(CAST(NULL AS TEXT), 1) AS x;

-- describe
SELECT
  MAX(CAST(NULL AS TEXT)) AS x;

-- fetch
SELECT
  MAX(__node) AS node
FROM "profiles"."Material_graph_members" AS every_member;

-- describe
SELECT
  NULL AS x;

-- describe
SELECT
  RIGHT(CAST(NULL AS TEXT), 1) AS x;

-- describe
SELECT
  SUM(CAST(NULL AS INT)) AS x;

-- describe
SELECT
  SUM(CAST(NULL AS INT128)) AS x;

-- fetch
SELECT
  TRUE AS is_there
FROM (
  SELECT
    *
  FROM raw.main.logins
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
) AS input_rows
LIMIT 1;

-- fetch
SELECT
  TRUE AS is_there
FROM (
  SELECT
    *
  FROM raw.main.mails
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
) AS input_rows
LIMIT 1;

-- fetch
SELECT
  __left AS left_node,
  __right AS right_node,
  first_seen_at AS seen_at
FROM (
  SELECT
    *
  FROM stitch_deleted_counting
) AS links;

-- fetch
SELECT
  __left AS left_node,
  __right AS right_node,
  first_seen_at AS seen_at
FROM (
  SELECT
    *
  FROM stitch_inserted_counting
) AS links;

-- fetch
SELECT
  __left,
  __right
FROM "profiles"."Material_graph_evidence"
WHERE
  (
    __from_version <= 1 AND __to_version > 1
  )
  AND __left <> __right
  AND __left IN (
    SELECT
      __node
    FROM audit_nodes
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM "profiles"."Material_graph_dropped" AS gone
    WHERE
      gone.left_node = CASE
        WHEN __left IS NULL OR __right IS NULL
        THEN NULL
        ELSE LEAST(__left, __right)
      END
      AND gone.right_node = CASE
        WHEN __left IS NULL OR __right IS NULL
        THEN NULL
        ELSE GREATEST(__left, __right)
      END
      AND (
        gone.__from_version <= 1 AND gone.__to_version > 1
      )
  );

-- fetch
SELECT
  __node
FROM "profiles"."Material_graph_members"
WHERE
  other_id = 'text'
  AND other_id_type = 'text'
  AND (
    __from_version <= 1 AND __to_version > 1
  );

-- fetch
SELECT
  __node,
  CAST(CASE other_id_type WHEN 'text' THEN 1 WHEN 'text' THEN 1 WHEN 'text' THEN 1 END AS SMALLINT) AS type_number
FROM "profiles"."Material_graph_members"
WHERE
  __from_version <= 1 AND __to_version > 1
ORDER BY
  __node NULLS FIRST;

-- fetch
SELECT
  __node,
  __profile,
  first_seen_at,
  valid_at
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS members
WHERE
  __node IN (
    SELECT
      __node
    FROM stitch_affected_ids AS affected_ids
  );

-- fetch
SELECT
  __node,
  other_id,
  CAST(CASE other_id_type WHEN 'text' THEN 1 WHEN 'text' THEN 1 WHEN 'text' THEN 1 END AS SMALLINT) AS type_number,
  __profile
FROM audit_nodes
ORDER BY
  other_id_type NULLS FIRST,
  other_id NULLS FIRST;

-- fetch
SELECT
  __profile,
  COUNT(*) AS ids,
  MIN(valid_at) AS anchor_seen_at,
  MAX(valid_at) AS joined_at,
  COUNT(*) - COUNT(valid_at) AS untimed
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_members"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS members
WHERE
  __profile IN (
    SELECT
      __profile
    FROM stitch_merging AS merging
  )
GROUP BY
  __profile;

-- fetch
SELECT
  __source,
  __day,
  row_count,
  digest
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_digests"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS digests;

-- fetch
SELECT
  __source,
  file,
  state,
  read_until
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_files"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS files;

-- fetch
SELECT
  a.__node AS one,
  b.__node AS other
FROM "profiles"."GRAPH_QUARANTINE" AS gone
JOIN "profiles"."Material_graph_members" AS a
  ON a.other_id = gone.id1
  AND a.other_id_type = gone.id1_type
  AND (
    a.__from_version <= 1 AND a.__to_version > 1
  )
JOIN "profiles"."Material_graph_members" AS b
  ON b.other_id = gone.id2
  AND b.other_id_type = gone.id2_type
  AND (
    b.__from_version <= 1 AND b.__to_version > 1
  )
WHERE
  gone.rule = 'text';

-- fetch
SELECT
  affected.__profile AS node,
  anchors.anchor_id_type AS id_type,
  anchors.anchor_id AS id
FROM stitch_affected_main_ids AS affected
JOIN stitch_resolving_anchors AS anchors
  ON anchors.main_id = affected.main_id
WHERE
  NOT affected.is_whole;

-- fetch
SELECT
  anchor
FROM stitch_named;

-- fetch
SELECT
  anchor_node
FROM stitch_restored_anchors;

-- fetch
SELECT
  component,
  anchor
FROM stitch_named;

-- describe
SELECT
  device
FROM raw.main.logins;

-- fetch
SELECT
  effect,
  source,
  cause,
  COUNT(*) AS edges
FROM diff_causes
GROUP BY
  effect,
  source,
  cause
ORDER BY
  edges DESC,
  effect NULLS FIRST,
  source NULLS FIRST,
  cause NULLS FIRST;

-- describe
SELECT
  email
FROM raw.main.mails;

-- fetch
SELECT
  entity,
  id1,
  id1_type,
  id2,
  id2_type,
  action,
  reason,
  created_at
FROM main.id_stitch_rules
ORDER BY
  created_at NULLS FIRST,
  action DESC;

-- fetch
SELECT
  event,
  COUNT(*) AS events
FROM "profiles"."Material_graph_events" AS events
GROUP BY
  event;

-- fetch
SELECT
  event,
  COUNT(*) AS events
FROM (
  SELECT
    'text' AS event,
    main_id,
    CAST(NULL AS TEXT) AS previous_main_id,
    CAST(1 AS BIGINT) AS ids_moved,
    'text' AS cause
  FROM (
    SELECT
      component,
      main_id,
      node AS anchor
    FROM stitch_created AS created
  ) AS main_ids
) AS events
GROUP BY
  event;

-- fetch
SELECT
  event,
  COUNT(*) AS events
FROM (
  SELECT
    *
  FROM stitch_events_of_run
) AS events
GROUP BY
  event;

-- stream
SELECT
  every_row.*
FROM (
  WITH input_logins AS (
    SELECT
      *
    FROM raw.main.logins
    WHERE
      ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
  ), read_ids AS (
    SELECT
      CAST(ts AS TIMESTAMP) AS seen_at,
      CAST(user_id AS TEXT) COLLATE "C" AS id_1,
      CAST(device AS TEXT) COLLATE "C" AS id_2,
      CAST(key AS TEXT) AS sample_key
    FROM input_logins
  )
  SELECT
    id_1,
    id_2,
    seen_at,
    sample_key,
    HASH(HASH(id_1, id_2, seen_at, sample_key)) AS row_digest
  FROM read_ids
  WHERE
    NOT id_1 IS NULL OR NOT id_2 IS NULL
) AS every_row
WHERE
  (
    every_row.seen_at >= CAST('text' AS TIMESTAMP)
    AND every_row.seen_at < CAST('text' AS TIMESTAMP)
  )
  AND EXISTS(
    SELECT
      1
    FROM stitch_changed_days AS changed
    WHERE
      changed.__source = 1
      AND changed.__day IS NOT DISTINCT FROM CAST(every_row.seen_at AS DATE)
  );

-- stream
SELECT
  every_row.*
FROM (
  WITH input_logins AS (
    SELECT
      *
    FROM raw.main.logins
    WHERE
      ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
  ), read_ids AS (
    SELECT
      CAST(ts AS TIMESTAMP) AS seen_at,
      CAST(user_id AS TEXT) COLLATE "C" AS id_1,
      CAST(device AS TEXT) COLLATE "C" AS id_2,
      CAST(key AS TEXT) AS sample_key
    FROM input_logins
  )
  SELECT
    id_1,
    id_2,
    seen_at,
    sample_key,
    HASH(HASH(id_1, id_2, seen_at, sample_key)) AS row_digest
  FROM read_ids
  WHERE
    NOT id_1 IS NULL OR NOT id_2 IS NULL
) AS every_row
WHERE
  FALSE;

-- stream
SELECT
  every_row.*
FROM (
  WITH input_mails AS (
    SELECT
      *
    FROM raw.main.mails
    WHERE
      ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
  ), read_ids AS (
    SELECT
      CAST(ts AS TIMESTAMP) AS seen_at,
      CAST(user_id AS TEXT) COLLATE "C" AS id_1,
      CAST(email AS TEXT) COLLATE "C" AS id_2
    FROM input_mails
  )
  SELECT
    id_1,
    id_2,
    seen_at,
    HASH(HASH(id_1, id_2, seen_at)) AS row_digest
  FROM read_ids
  WHERE
    NOT id_1 IS NULL OR NOT id_2 IS NULL
) AS every_row
WHERE
  (
    every_row.seen_at >= CAST('text' AS TIMESTAMP)
    AND every_row.seen_at < CAST('text' AS TIMESTAMP)
  )
  AND EXISTS(
    SELECT
      1
    FROM stitch_changed_days AS changed
    WHERE
      changed.__source = 1
      AND changed.__day IS NOT DISTINCT FROM CAST(every_row.seen_at AS DATE)
  );

-- fetch
SELECT
  fence
FROM "profiles"."publish_pointer";

-- fetch
SELECT
  fence,
  version,
  seq_no,
  holder,
  taken_ts
FROM "profiles"."publish_pointer";

-- fetch
SELECT
  id,
  id_type,
  level_today
FROM audit_every_node
ORDER BY
  node NULLS FIRST;

-- fetch
SELECT
  id1,
  id1_type,
  id2,
  id2_type,
  source,
  row_count,
  first_seen_at,
  last_seen_at,
  sample_key
FROM (
  SELECT
    CASE
      WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
      THEN b.other_id
      ELSE a.other_id
    END AS id1,
    a.other_id_type AS id1_type,
    CASE
      WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
      THEN a.other_id
      ELSE b.other_id
    END AS id2,
    b.other_id_type AS id2_type,
    CASE evidence.__source WHEN 1 THEN 'text' WHEN 1 THEN 'text' ELSE 'text' END AS source,
    CAST(SUM(evidence.row_count) AS BIGINT) AS row_count,
    MIN(evidence.first_seen_at) AS first_seen_at,
    MAX(evidence.last_seen_at) AS last_seen_at,
    COALESCE(ARG_MIN(evidence.sample_key, evidence.first_seen_at), MIN(evidence.sample_key)) AS sample_key,
    a.user_main_id AS user_main_id
  FROM "profiles"."Material_graph_evidence" AS evidence
  JOIN audit_nodes AS a
    ON a.__node = evidence.__left
  JOIN audit_nodes AS b
    ON b.__node = evidence.__right
  WHERE
    evidence.__left <> evidence.__right
    AND (
      evidence.__from_version <= 1 AND evidence.__to_version > 1
    )
    AND (
      b.__from_version <= 1 AND b.__to_version > 1
    )
    AND NOT EXISTS(
      SELECT
        1
      FROM "profiles"."Material_graph_dropped" AS gone
      WHERE
        gone.left_node = CASE
          WHEN evidence.__left IS NULL OR evidence.__right IS NULL
          THEN NULL
          ELSE LEAST(evidence.__left, evidence.__right)
        END
        AND gone.right_node = CASE
          WHEN evidence.__left IS NULL OR evidence.__right IS NULL
          THEN NULL
          ELSE GREATEST(evidence.__left, evidence.__right)
        END
        AND (
          gone.__from_version <= 1 AND gone.__to_version > 1
        )
    )
  GROUP BY
    a.other_id,
    b.other_id,
    a.other_id_type,
    b.other_id_type,
    evidence.__source,
    a.user_main_id
) AS edges;

-- fetch
SELECT
  id1,
  id1_type,
  id2,
  id2_type,
  source,
  row_count,
  first_seen_at,
  last_seen_at,
  sample_key
FROM (
  SELECT
    CASE
      WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
      THEN b.other_id
      ELSE a.other_id
    END AS id1,
    a.other_id_type AS id1_type,
    CASE
      WHEN a.other_id_type = b.other_id_type AND a.other_id > b.other_id
      THEN a.other_id
      ELSE b.other_id
    END AS id2,
    b.other_id_type AS id2_type,
    CASE evidence.__source WHEN 1 THEN 'text' WHEN 1 THEN 'text' ELSE 'text' END AS source,
    CAST(SUM(evidence.row_count) AS BIGINT) AS row_count,
    MIN(evidence.first_seen_at) AS first_seen_at,
    MAX(evidence.last_seen_at) AS last_seen_at,
    COALESCE(ARG_MIN(evidence.sample_key, evidence.first_seen_at), MIN(evidence.sample_key)) AS sample_key,
    a.user_main_id AS user_main_id
  FROM "profiles"."Material_graph_evidence" AS evidence
  JOIN audit_path AS a
    ON a.__node = evidence.__left
  JOIN audit_path AS b
    ON b.__node = evidence.__right
  WHERE
    evidence.__left <> evidence.__right
    AND (
      evidence.__from_version <= 1 AND evidence.__to_version > 1
    )
    AND (
      b.__from_version <= 1 AND b.__to_version > 1
    )
    AND NOT EXISTS(
      SELECT
        1
      FROM "profiles"."Material_graph_dropped" AS gone
      WHERE
        gone.left_node = CASE
          WHEN evidence.__left IS NULL OR evidence.__right IS NULL
          THEN NULL
          ELSE LEAST(evidence.__left, evidence.__right)
        END
        AND gone.right_node = CASE
          WHEN evidence.__left IS NULL OR evidence.__right IS NULL
          THEN NULL
          ELSE GREATEST(evidence.__left, evidence.__right)
        END
        AND (
          gone.__from_version <= 1 AND gone.__to_version > 1
        )
    )
  GROUP BY
    a.other_id,
    b.other_id,
    a.other_id_type,
    b.other_id_type,
    evidence.__source,
    a.user_main_id
) AS edges;

-- fetch
SELECT
  id1_type,
  COUNT(DISTINCT id1) AS n
FROM "profiles"."GRAPH_QUARANTINE"
WHERE
  id2 IS NULL
GROUP BY
  id1_type;

-- fetch
SELECT
  id_type,
  id
FROM stitch_node_rules AS node_rules
WHERE
  action = 'text'
ORDER BY
  id_type NULLS FIRST,
  id NULLS FIRST;

-- fetch
SELECT
  ids.ids,
  profiles.profiles,
  main_ids.main_ids
FROM (
  SELECT
    COUNT(*) AS ids
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_members"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS members_after
) AS ids
CROSS JOIN (
  SELECT
    COUNT(*) AS profiles
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_names"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS names_after
) AS profiles
CROSS JOIN (
  SELECT
    COUNT(*) AS main_ids
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_anchors"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS anchors_after
  WHERE
    main_id = current_main_id
) AS main_ids;

-- fetch
SELECT
  ids.node,
  CAST(MIN(members.__node) AS BIGINT) AS known
FROM stitch_ids_read AS ids
LEFT JOIN "profiles"."Material_graph_members" AS members
  ON members.other_id = ids.id AND members.other_id_type = ids.id_type
GROUP BY
  ids.node;

-- describe
SELECT
  ids.other_id AS email,
  features.is_active,
  features.last_device,
  features.logins,
  features.spent
FROM "check" AS ids
JOIN "check" AS features
  ON features.user_main_id = ids.user_main_id
WHERE
  ids.other_id_type = 'text';

-- fetch
SELECT
  kept.__node,
  kept.other_id
FROM "profiles"."Material_graph_members" AS kept
JOIN audit_asked
  ON audit_asked.number = kept.__node
WHERE
  kept.__from_version <= 1 AND kept.__to_version > 1;

-- fetch
SELECT
  kept.__profile,
  kept.main_id
FROM "profiles"."Material_graph_names" AS kept
JOIN audit_asked
  ON audit_asked.number = kept.__profile
WHERE
  kept.__from_version <= 1 AND kept.__to_version > 1;

-- fetch
SELECT
  left_node AS one,
  right_node AS other
FROM "profiles"."Material_graph_dropped"
WHERE
  __from_version <= 1 AND __to_version > 1;

-- fetch
SELECT
  main_id
FROM "profiles"."Material_graph_names"
WHERE
  __profile = 1 AND (
    __from_version <= 1 AND __to_version > 1
  );

-- fetch
SELECT
  main_id
FROM (
  SELECT
    sizes.*,
    names.main_id
  FROM (
    SELECT
      *
    FROM audit_sizes
    WHERE
      ids > 1 AND NOT (
        ids_0 > 1 OR ids_1 > 1 OR ids_2 > 1
      )
  ) AS sizes
  JOIN "profiles"."Material_graph_names" AS names
    ON names.__profile = sizes.__profile
    AND (
      names.__from_version <= 1 AND names.__to_version > 1
    )
) AS profiles
ORDER BY
  MD5(main_id || 'text'),
  main_id NULLS FIRST
LIMIT 1;

-- fetch
SELECT
  main_id,
  one,
  other
FROM diff_joining_edges
ORDER BY
  n NULLS FIRST;

-- fetch
SELECT
  main_id,
  one,
  other
FROM diff_parting_edges
ORDER BY
  n NULLS FIRST;

-- fetch
SELECT
  main_id,
  was_0 AS was,
  now_0 AS now
FROM diff_features
WHERE
  differs_0
ORDER BY
  main_id NULLS FIRST
LIMIT 1;

-- fetch
SELECT
  main_id,
  was_2 AS was,
  now_2 AS now
FROM diff_features
WHERE
  differs_2
ORDER BY
  ABS((
    COALESCE(CAST(now_2 AS DOUBLE), 1) - COALESCE(CAST(was_2 AS DOUBLE), 1)
  )) DESC,
  main_id NULLS FIRST
LIMIT 1;

-- fetch
SELECT
  main_id,
  was_3 AS was,
  now_3 AS now
FROM diff_features
WHERE
  differs_3
ORDER BY
  ABS((
    COALESCE(CAST(now_3 AS DOUBLE), 1) - COALESCE(CAST(was_3 AS DOUBLE), 1)
  )) DESC,
  main_id NULLS FIRST
LIMIT 1;

-- fetch
SELECT
  metadata
FROM "profiles"."material_registry"
WHERE
  material_name = 'text';

-- fetch
SELECT
  model_ref,
  material_name,
  seq_no,
  end_ts,
  published_ts,
  contents
FROM "profiles"."publication_registry";

-- fetch
SELECT
  node,
  id_type,
  id
FROM (
  SELECT
    __node AS node,
    other_id_type AS id_type,
    other_id AS id
  FROM stitch_affected_members AS affected_members
  UNION ALL
  SELECT
    node,
    id_type,
    id
  FROM stitch_new_ids AS new_ids
) AS ids
ORDER BY
  node NULLS FIRST;

-- fetch
SELECT
  other_id_type AS id_type,
  COUNT(*) AS ids
FROM main_ids_given
WHERE
  NOT other_id_type IN ('text')
GROUP BY
  other_id_type
ORDER BY
  other_id_type NULLS FIRST;

-- fetch
SELECT
  other_id_type,
  other_id,
  __node,
  __profile
FROM "profiles"."Material_graph_members"
WHERE
  (
    other_id = 'text' OR other_id = 'text'
  )
  AND (
    __from_version <= 1 AND __to_version > 1
  );

-- fetch
SELECT
  other_id_type,
  other_id,
  __node,
  __profile
FROM "profiles"."Material_graph_members"
WHERE
  other_id = 'text' AND (
    __from_version <= 1 AND __to_version > 1
  );

-- fetch
SELECT
  other_id_type,
  other_id,
  first_seen_at,
  valid_at
FROM audit_nodes
ORDER BY
  other_id_type NULLS FIRST,
  other_id NULLS FIRST;

-- fetch
SELECT
  published_registry.model_ref,
  published_registry.material_name,
  published_registry.seq_no,
  published_registry.end_ts,
  material_registry.metadata
FROM "profiles"."published_registry" AS published_registry
LEFT JOIN "profiles"."material_registry" AS material_registry
  ON material_registry.material_name = published_registry.material_name;

-- fetch
SELECT
  remaining.__left AS left_node,
  remaining.__right AS right_node,
  remaining.first_seen_at AS seen_at
FROM (
  SELECT
    __left,
    __right,
    __source,
    __day,
    first_seen_at
  FROM (
    WITH marked AS (
      SELECT
        seen.__left,
        seen.__right,
        seen.__source,
        seen.__day,
        seen.first_seen_at,
        gone.left_node
      FROM (
        SELECT
          __left,
          __right,
          __source,
          __day,
          first_seen_at
        FROM (
          SELECT
            *
          FROM "profiles"."Material_graph_evidence"
          WHERE
            __from_version <= 1 AND __to_version > 1
        ) AS evidence
        WHERE
          __left IN (
            SELECT
              node
            FROM (
              SELECT
                __node AS node
              FROM stitch_affected_members AS affected_members
            ) AS wanted
          )
          OR __right IN (
            SELECT
              node
            FROM (
              SELECT
                __node AS node
              FROM stitch_affected_members AS affected_members
            ) AS wanted
          )
      ) AS seen
      LEFT JOIN (
        SELECT
          left_node,
          right_node
        FROM (
          SELECT
            *
          FROM "profiles"."Material_graph_dropped"
          WHERE
            __from_version <= 1 AND __to_version > 1
        ) AS dropped
      ) AS gone
        ON gone.left_node = LEAST(seen.__left, seen.__right)
        AND gone.right_node = GREATEST(seen.__left, seen.__right)
        AND seen.__left <> seen.__right
    )
    SELECT
      __left,
      __right,
      __source,
      __day,
      first_seen_at
    FROM marked
    WHERE
      left_node IS NULL
    UNION
    SELECT
      __left,
      __left AS __right,
      __source,
      __day,
      first_seen_at
    FROM marked
    WHERE
      NOT left_node IS NULL
    UNION
    SELECT
      __right AS __left,
      __right,
      __source,
      __day,
      first_seen_at
    FROM marked
    WHERE
      NOT left_node IS NULL
  ) AS counting_links
  WHERE
    __left IN (
      SELECT
        node
      FROM (
        SELECT
          __node AS node
        FROM stitch_affected_members AS affected_members
      ) AS wanted
    )
  EXCEPT
  SELECT
    __left,
    __right,
    __source,
    __day,
    first_seen_at
  FROM stitch_deleted_counting AS deleted_counting
) AS remaining;

-- fetch
SELECT
  rule,
  COUNT(*) AS n
FROM (
  SELECT DISTINCT
    rule,
    id1,
    id1_type,
    id2,
    id2_type
  FROM "profiles"."GRAPH_QUARANTINE"
  WHERE
    NOT id2 IS NULL
) AS pairs
GROUP BY
  rule
ORDER BY
  rule NULLS FIRST;

-- fetch
SELECT
  rule,
  id1,
  id1_type,
  SUM(row_count) AS row_count,
  MAX(reason) AS reason
FROM "profiles"."GRAPH_QUARANTINE"
WHERE
  id2 IS NULL
GROUP BY
  rule,
  id1,
  id1_type
ORDER BY
  row_count DESC,
  id1_type NULLS FIRST,
  id1 NULLS FIRST
LIMIT 1;

-- fetch
SELECT
  seq_no,
  begin_ts,
  end_ts,
  creation_ts,
  published_ts,
  project
FROM "profiles"."run_registry"
ORDER BY
  seq_no NULLS FIRST;

-- fetch
SELECT
  seq_no,
  model_ref,
  model_name,
  model_type,
  model_hash,
  material_name,
  row_count,
  seconds,
  creation_ts,
  metadata
FROM "profiles"."material_registry"
ORDER BY
  creation_ts NULLS FIRST,
  material_name NULLS FIRST;

-- fetch
SELECT
  sizes.*
FROM "profiles"."USER_FEATURE_VIEW" AS features
JOIN (
  SELECT
    sizes.*,
    names.main_id
  FROM (
    SELECT
      *
    FROM audit_sizes
  ) AS sizes
  JOIN "profiles"."Material_graph_names" AS names
    ON names.__profile = sizes.__profile
    AND (
      names.__from_version <= 1 AND names.__to_version > 1
    )
) AS sizes
  ON sizes.main_id = features.user_main_id
WHERE
  FALSE
ORDER BY
  sizes.ids DESC,
  sizes.main_id;

-- fetch
SELECT
  sizes.*,
  names.main_id
FROM (
  SELECT
    *
  FROM audit_sizes
  WHERE
    ids >= (
      SELECT
        MIN(ids)
      FROM (
        SELECT
          ids
        FROM audit_sizes
        ORDER BY
          ids DESC
        LIMIT 1
      ) AS largest
    )
) AS sizes
JOIN "profiles"."Material_graph_names" AS names
  ON names.__profile = sizes.__profile
  AND (
    names.__from_version <= 1 AND names.__to_version > 1
  )
ORDER BY
  ids DESC,
  main_id
LIMIT 1;

-- describe
SELECT
  user_id
FROM "check" AS large;

-- describe
SELECT
  user_id
FROM raw.main.logins;

-- describe
SELECT
  user_id
FROM raw.main.mails;

-- describe
SELECT
  user_main_id
FROM "check";

-- fetch
SELECT
  user_main_id AS main_id,
  other_id,
  other_id_type
FROM "profiles"."GRAPH"
WHERE
  user_main_id IN (
    SELECT
      user_main_id
    FROM "profiles"."GRAPH"
    WHERE
      other_id = 'text' OR user_main_id = 'text'
  )
ORDER BY
  main_id NULLS FIRST,
  other_id_type NULLS FIRST,
  other_id NULLS FIRST;

-- fetch
SELECT
  user_main_id AS main_id,
  other_id_type,
  other_id
FROM "profiles"."GRAPH"
WHERE
  user_main_id IN ('text')
ORDER BY
  other_id_type NULLS FIRST,
  other_id NULLS FIRST;

-- describe
SELECT
  user_main_id,
  is_active,
  last_device,
  logins,
  spent
FROM "check";

-- fetch
SELECT
  was.ids,
  was.profiles,
  deleted.links AS deleted,
  inserted.links AS inserted
FROM (
  SELECT
    COUNT(*) AS ids,
    COUNT(DISTINCT __profile) AS profiles
  FROM stitch_affected_members AS affected_members
) AS was
CROSS JOIN (
  SELECT
    COUNT(*) AS links
  FROM (
    SELECT
      __left,
      __right,
      __source
    FROM stitch_links_before AS links_before
    WHERE
      __left <> __right
    EXCEPT
    SELECT
      __left,
      __right,
      __source
    FROM stitch_links_now AS links_now
    WHERE
      __left <> __right
  ) AS deleted_links
) AS deleted
CROSS JOIN (
  SELECT
    COUNT(*) AS links
  FROM (
    SELECT
      __left,
      __right,
      __source
    FROM stitch_links_now AS links_now
    WHERE
      __left <> __right
    EXCEPT
    SELECT
      __left,
      __right,
      __source
    FROM stitch_links_before AS links_before
    WHERE
      __left <> __right
  ) AS inserted_links
) AS inserted;

-- fetch
SELECT DISTINCT
  LEAST(a.node, b.node) AS left_node,
  GREATEST(a.node, b.node) AS right_node
FROM stitch_rules AS rules
JOIN stitch_nodes AS a
  ON a.id_type = rules.type_a AND a.id = rules.id_a
JOIN stitch_nodes AS b
  ON b.id_type = rules.type_b AND b.id = rules.id_b
WHERE
  rules.action = 'text';

-- fetch
SELECT DISTINCT
  left_node,
  right_node
FROM (
  SELECT
    CASE
      WHEN node IS NULL OR neighbour IS NULL
      THEN NULL
      ELSE LEAST(node, neighbour)
    END AS left_node,
    CASE
      WHEN node IS NULL OR neighbour IS NULL
      THEN NULL
      ELSE GREATEST(node, neighbour)
    END AS right_node
  FROM stitch_cut
  UNION
  SELECT
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE LEAST(left_node, right_node)
    END AS left_node,
    CASE
      WHEN left_node IS NULL OR right_node IS NULL
      THEN NULL
      ELSE GREATEST(left_node, right_node)
    END AS right_node
  FROM (
    SELECT
      a.node AS left_node,
      b.node AS right_node
    FROM stitch_rules AS rules
    JOIN stitch_nodes AS a
      ON a.id_type = rules.type_a AND a.id = rules.id_a
    JOIN stitch_nodes AS b
      ON b.id_type = rules.type_b AND b.id = rules.id_b
    WHERE
      rules.action = 'text'
  ) AS excluded
) AS dropped
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM (
      SELECT
        CASE
          WHEN left_node IS NULL OR right_node IS NULL
          THEN NULL
          ELSE LEAST(left_node, right_node)
        END AS left_node,
        CASE
          WHEN left_node IS NULL OR right_node IS NULL
          THEN NULL
          ELSE GREATEST(left_node, right_node)
        END AS right_node
      FROM (
        SELECT
          a.node AS left_node,
          b.node AS right_node
        FROM stitch_rules AS rules
        JOIN stitch_nodes AS a
          ON a.id_type = rules.type_a AND a.id = rules.id_a
        JOIN stitch_nodes AS b
          ON b.id_type = rules.type_b AND b.id = rules.id_b
        WHERE
          rules.action = 'text'
      ) AS named
    ) AS kept
    WHERE
      kept.left_node = dropped.left_node AND kept.right_node = dropped.right_node
  );

-- execute
UPDATE "profiles"."Material_graph_anchors" SET __to_version = 1
WHERE
  __to_version = 1
  AND main_id IN (
    SELECT
      main_id
    FROM stitch_deleted_anchors
  );

-- execute
UPDATE "profiles"."Material_graph_digests" SET __to_version = 1
WHERE
  __to_version = 1
  AND EXISTS(
    SELECT
      1
    FROM stitch_changed_days AS gone
    WHERE
      gone.__source IS NOT DISTINCT FROM "Material_graph_digests".__source
      AND gone.__day IS NOT DISTINCT FROM "Material_graph_digests".__day
  );

-- execute
UPDATE "profiles"."Material_graph_dropped" SET __to_version = 1
WHERE
  __to_version = 1
  AND EXISTS(
    SELECT
      1
    FROM stitch_deleted_dropped AS gone
    WHERE
      gone.left_node IS NOT DISTINCT FROM "Material_graph_dropped".left_node
      AND gone.right_node IS NOT DISTINCT FROM "Material_graph_dropped".right_node
  );

-- execute
UPDATE "profiles"."Material_graph_evidence" SET __to_version = 1
WHERE
  __to_version = 1
  AND EXISTS(
    SELECT
      1
    FROM stitch_deleted_evidence AS gone
    WHERE
      gone.__left IS NOT DISTINCT FROM "Material_graph_evidence".__left
      AND gone.__right IS NOT DISTINCT FROM "Material_graph_evidence".__right
      AND gone.__source IS NOT DISTINCT FROM "Material_graph_evidence".__source
      AND gone.__day IS NOT DISTINCT FROM "Material_graph_evidence".__day
      AND gone.row_count IS NOT DISTINCT FROM "Material_graph_evidence".row_count
      AND gone.first_seen_at IS NOT DISTINCT FROM "Material_graph_evidence".first_seen_at
      AND gone.last_seen_at IS NOT DISTINCT FROM "Material_graph_evidence".last_seen_at
      AND gone.sample_key IS NOT DISTINCT FROM "Material_graph_evidence".sample_key
  );

-- execute
UPDATE "profiles"."Material_graph_files" SET __to_version = 1
WHERE
  __to_version = 1;

-- execute
UPDATE "profiles"."Material_graph_lists" SET __to_version = 1
WHERE
  __to_version = 1;

-- execute
UPDATE "profiles"."Material_graph_members" SET __to_version = 1
WHERE
  __to_version = 1
  AND __node IN (
    SELECT
      __node
    FROM stitch_deleted_members
  );

-- execute
UPDATE "profiles"."Material_graph_names" SET __to_version = 1
WHERE
  __to_version = 1
  AND __profile IN (
    SELECT
      __profile
    FROM stitch_deleted_names
  );

-- execute
UPDATE "profiles"."Material_graph_over_limit" SET __to_version = 1
WHERE
  __to_version = 1
  AND EXISTS(
    SELECT
      1
    FROM stitch_deleted_over_limit AS gone
    WHERE
      gone.limit_number IS NOT DISTINCT FROM "Material_graph_over_limit".limit_number
      AND gone.node IS NOT DISTINCT FROM "Material_graph_over_limit".node
      AND gone.neighbours IS NOT DISTINCT FROM "Material_graph_over_limit".neighbours
  );

-- execute
UPDATE "profiles"."Material_graph_quarantined" SET __to_version = 1
WHERE
  __to_version = 1
  AND EXISTS(
    SELECT
      1
    FROM stitch_changed_days AS gone
    WHERE
      gone.__source IS NOT DISTINCT FROM "Material_graph_quarantined".__source
      AND gone.__day IS NOT DISTINCT FROM "Material_graph_quarantined".__day
  )
  AND id2 IS NULL;

-- execute
UPDATE "profiles"."Material_graph_quarantined" SET __to_version = 1
WHERE
  __to_version = 1
  AND EXISTS(
    SELECT
      1
    FROM stitch_deleted_quarantined AS gone
    WHERE
      gone.rule IS NOT DISTINCT FROM "Material_graph_quarantined".rule
      AND gone.id1 IS NOT DISTINCT FROM "Material_graph_quarantined".id1
      AND gone.id1_type IS NOT DISTINCT FROM "Material_graph_quarantined".id1_type
      AND gone.id2 IS NOT DISTINCT FROM "Material_graph_quarantined".id2
      AND gone.id2_type IS NOT DISTINCT FROM "Material_graph_quarantined".id2_type
      AND gone.__source IS NOT DISTINCT FROM "Material_graph_quarantined".__source
      AND gone.__day IS NOT DISTINCT FROM "Material_graph_quarantined".__day
      AND gone.row_count IS NOT DISTINCT FROM "Material_graph_quarantined".row_count
      AND gone.first_seen_at IS NOT DISTINCT FROM "Material_graph_quarantined".first_seen_at
      AND gone.sample_key IS NOT DISTINCT FROM "Material_graph_quarantined".sample_key
      AND gone.found IS NOT DISTINCT FROM "Material_graph_quarantined".found
      AND gone.allowed IS NOT DISTINCT FROM "Material_graph_quarantined".allowed
      AND gone.reason IS NOT DISTINCT FROM "Material_graph_quarantined".reason
  );

-- execute
UPDATE "profiles"."material_registry" SET metadata = 'text'
WHERE
  material_name = 'text';

-- execute
UPDATE "profiles"."publish_pointer" SET fence = (
  fence + 1
), holder = 'text', taken_ts = CAST('text' AS TIMESTAMP)
WHERE
  version = 1;

-- execute
UPDATE "profiles"."publish_pointer" SET version = 1, seq_no = 1
WHERE
  fence = 1 AND version = 1;

-- execute
UPDATE "profiles"."run_registry" SET published_ts = CAST('text' AS TIMESTAMP)
WHERE
  seq_no = 1;

-- fetch
WITH changed AS (
  SELECT DISTINCT
    id_type,
    id
  FROM stitch_changed_lists AS changed_lists
), nodes AS (
  SELECT
    members.__node AS node
  FROM (
    SELECT
      *
    FROM "profiles"."Material_graph_members"
    WHERE
      __from_version <= 1 AND __to_version > 1
  ) AS members
  JOIN changed
    ON members.other_id = changed.id AND members.other_id_type = changed.id_type
)
SELECT
  __source,
  __day
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_evidence"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS evidence
WHERE
  __source >= 1
  AND (
    __left IN (
      SELECT
        node
      FROM nodes
    )
    OR __right IN (
      SELECT
        node
      FROM nodes
    )
  )
UNION
SELECT
  excluded.__source,
  excluded.__day
FROM (
  SELECT
    *
  FROM "profiles"."Material_graph_quarantined"
  WHERE
    __from_version <= 1 AND __to_version > 1
) AS excluded
JOIN changed
  ON excluded.id1 = changed.id AND excluded.id1_type = changed.id_type
WHERE
  excluded.id2 IS NULL;

-- describe
WITH input_logins AS (
  SELECT
    *
  FROM raw.main.logins
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
)
SELECT
  *
FROM input_logins
WHERE
  amount > 1;

-- describe
WITH input_logins AS (
  SELECT
    *
  FROM raw.main.logins
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
), joined AS (
  SELECT
    source.*,
    COALESCE(ids_1.__profile, ids_2.__profile) AS __profile
  FROM input_logins AS source
  LEFT JOIN (
    SELECT
      __profile,
      other_id
    FROM "check"
    WHERE
      other_id_type = 'text'
  ) AS ids_1
    ON ids_1.other_id = (
      CAST(source.user_id AS TEXT) COLLATE "C"
    )
  LEFT JOIN (
    SELECT
      __profile,
      other_id
    FROM "check"
    WHERE
      other_id_type = 'text'
  ) AS ids_2
    ON ids_2.other_id = (
      CAST(source.device AS TEXT) COLLATE "C"
    )
  WHERE
    NOT COALESCE(ids_1.__profile, ids_2.__profile) IS NULL
), windowed AS (
  SELECT
    *,
    FIRST_VALUE(device) OVER (
      PARTITION BY __profile
      ORDER BY ts DESC NULLS FIRST, device
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS __window_last_device
  FROM joined
)
SELECT
  __profile,
  COUNT(*) AS logins,
  MAX(__window_last_device) AS last_device
FROM windowed AS logins
GROUP BY
  __profile;

-- describe
WITH input_logins AS (
  SELECT
    *
  FROM raw.main.logins
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
), read_ids AS (
  SELECT
    CAST(ts AS TIMESTAMP) AS seen_at,
    CAST(user_id AS TEXT) COLLATE "C" AS id_1,
    CAST(device AS TEXT) COLLATE "C" AS id_2,
    CAST(key AS TEXT) AS sample_key
  FROM input_logins
)
SELECT
  id_1,
  id_2,
  seen_at,
  sample_key,
  HASH(HASH(id_1, id_2, seen_at, sample_key)) AS row_digest
FROM read_ids
WHERE
  NOT id_1 IS NULL OR NOT id_2 IS NULL;

-- stream
WITH input_logins AS (
  SELECT
    *
  FROM raw.main.logins
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
), read_ids AS (
  SELECT
    CAST(ts AS TIMESTAMP) AS seen_at,
    CAST(user_id AS TEXT) COLLATE "C" AS id_1,
    CAST(device AS TEXT) COLLATE "C" AS id_2,
    CAST(key AS TEXT) AS sample_key
  FROM input_logins
)
SELECT
  id_1,
  id_2,
  seen_at,
  sample_key,
  HASH(HASH(id_1, id_2, seen_at, sample_key)) AS row_digest
FROM read_ids
WHERE
  NOT id_1 IS NULL OR NOT id_2 IS NULL;

-- fetch
WITH input_mails AS (
  SELECT
    *
  FROM raw.main.mails
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
)
SELECT
  *
FROM (
  SELECT
    *,
    CAST(email AS TEXT) COLLATE "C" AS audit_first_id,
    CAST(user_id AS TEXT) COLLATE "C" AS audit_second_id,
    ROW_NUMBER() OVER (
      PARTITION BY CAST(email AS TEXT) COLLATE "C", CAST(user_id AS TEXT) COLLATE "C"
      ORDER BY CAST(ts AS TIMESTAMP)
    ) AS audit_place
  FROM input_mails
  WHERE
    (
      (
        (
          CAST(email AS TEXT) COLLATE "C"
        ) = 'text'
        AND (
          CAST(user_id AS TEXT) COLLATE "C"
        ) = 'text'
      )
      OR (
        (
          CAST(email AS TEXT) COLLATE "C"
        ) = 'text'
        AND (
          CAST(user_id AS TEXT) COLLATE "C"
        ) = 'text'
      )
    )
    AND CAST(ts AS TIMESTAMP) BETWEEN CAST('text' AS TIMESTAMP) AND CAST('text' AS TIMESTAMP)
) AS placed
WHERE
  audit_place = 1;

-- fetch
WITH input_mails AS (
  SELECT
    *
  FROM raw.main.mails
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
)
SELECT
  *
FROM (
  SELECT
    *,
    CAST(email AS TEXT) COLLATE "C" AS audit_first_id,
    CAST(user_id AS TEXT) COLLATE "C" AS audit_second_id,
    ROW_NUMBER() OVER (
      PARTITION BY CAST(email AS TEXT) COLLATE "C", CAST(user_id AS TEXT) COLLATE "C"
      ORDER BY CAST(ts AS TIMESTAMP)
    ) AS audit_place
  FROM input_mails
  WHERE
    (
      (
        CAST(email AS TEXT) COLLATE "C"
      ) = 'text'
      AND (
        CAST(user_id AS TEXT) COLLATE "C"
      ) = 'text'
    )
    AND CAST(ts AS TIMESTAMP) BETWEEN CAST('text' AS TIMESTAMP) AND CAST('text' AS TIMESTAMP)
) AS placed
WHERE
  audit_place = 1;

-- describe
WITH input_mails AS (
  SELECT
    *
  FROM raw.main.mails
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
), read_ids AS (
  SELECT
    CAST(ts AS TIMESTAMP) AS seen_at,
    CAST(user_id AS TEXT) COLLATE "C" AS id_1,
    CAST(email AS TEXT) COLLATE "C" AS id_2
  FROM input_mails
)
SELECT
  id_1,
  id_2,
  seen_at,
  HASH(HASH(id_1, id_2, seen_at)) AS row_digest
FROM read_ids
WHERE
  NOT id_1 IS NULL OR NOT id_2 IS NULL;

-- stream
WITH input_mails AS (
  SELECT
    *
  FROM raw.main.mails
  WHERE
    ts <= CAST('text' AS TIMESTAMP) OR ts IS NULL
), read_ids AS (
  SELECT
    CAST(ts AS TIMESTAMP) AS seen_at,
    CAST(user_id AS TEXT) COLLATE "C" AS id_1,
    CAST(email AS TEXT) COLLATE "C" AS id_2
  FROM input_mails
)
SELECT
  id_1,
  id_2,
  seen_at,
  HASH(HASH(id_1, id_2, seen_at)) AS row_digest
FROM read_ids
WHERE
  NOT id_1 IS NULL OR NOT id_2 IS NULL;

-- describe
WITH joined AS (
  SELECT
    source.*,
    ids_1.__profile AS __profile
  FROM "check" AS source
  INNER JOIN (
    SELECT
      __profile,
      other_id
    FROM "check"
    WHERE
      other_id_type = 'text'
  ) AS ids_1
    ON ids_1.other_id = (
      CAST(source.user_id AS TEXT) COLLATE "C"
    )
)
SELECT
  __profile,
  SUM(amount) AS spent
FROM joined AS large
WHERE
  amount < 1
GROUP BY
  __profile;

-- describe
WITH layer_1 AS (
  SELECT
    profiles.__profile,
    profiles.user_main_id,
    vars_1.logins AS logins,
    vars_1.last_device AS last_device,
    vars_2.spent AS spent
  FROM "check" AS profiles
  LEFT JOIN "check" AS vars_1
    ON vars_1.__profile = profiles.__profile
  LEFT JOIN "check" AS vars_2
    ON vars_2.__profile = profiles.__profile
)
SELECT
  *,
  CASE WHEN logins > 1 THEN 'text' ELSE 'text' END AS is_active
FROM layer_1;

-- fetch
WITH ruled AS (
  SELECT
    CASE WHEN a.node IS NULL OR b.node IS NULL THEN NULL ELSE LEAST(a.node, b.node) END AS left_node,
    CASE
      WHEN a.node IS NULL OR b.node IS NULL
      THEN NULL
      ELSE GREATEST(a.node, b.node)
    END AS right_node,
    rules.action
  FROM stitch_rules AS rules
  JOIN audit_every_node AS a
    ON a.id = rules.id_a AND a.id_type = rules.type_a
  JOIN audit_every_node AS b
    ON b.id = rules.id_b AND b.id_type = rules.type_b
)
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      left_node,
      right_node,
      MIN(CASE WHEN TRUE THEN CAST(1 AS BIGINT) ELSE 1 END) AS level_today
    FROM (
      SELECT
        CASE WHEN a.node IS NULL OR b.node IS NULL THEN NULL ELSE LEAST(a.node, b.node) END AS left_node,
        CASE
          WHEN a.node IS NULL OR b.node IS NULL
          THEN NULL
          ELSE GREATEST(a.node, b.node)
        END AS right_node
      FROM audit_pairs AS pairs
      JOIN audit_every_node AS a
        ON a.id = pairs.id1 AND a.id_type = pairs.id1_type
      JOIN audit_every_node AS b
        ON b.id = pairs.id2 AND b.id_type = pairs.id2_type
      WHERE
        a.node <> b.node
    ) AS every_edge
    GROUP BY
      left_node,
      right_node
  ) AS found
  WHERE
    NOT (left_node, right_node) IN (
      SELECT
        (left_node, right_node)
      FROM ruled
    )
  UNION ALL
  SELECT
    left_node,
    right_node,
    CAST(1 AS BIGINT) AS level_today
  FROM ruled
  WHERE
    action = 'text'
) AS ruled_edges;
