-- The main id that each component keeps, of those anchored in it: one in use before a retired one, then the one whose
-- anchor was seen first, then the smallest.
WITH ranked AS (
  SELECT
    component, main_id, node,
    ROW_NUMBER() OVER (
      PARTITION BY component
      ORDER BY
        CASE WHEN was_main_id = main_id THEN 0 ELSE 1 END,
        first_seen_at NULLS LAST,
        main_id
    ) AS rank_no
  FROM anchored
  WHERE component IS NOT NULL
)
SELECT component, main_id, node FROM ranked WHERE rank_no = 1
