-- The first proposed main id of each component that keeps none.
SELECT
  earliest.component, earliest.node, earliest.id, earliest.id_type, earliest.generated_id AS main_id, 1 AS attempt
FROM earliest
LEFT JOIN kept ON earliest.component = kept.component
WHERE kept.component IS NULL
