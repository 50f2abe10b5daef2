-- The profile that most ids of a new profile came from. A profile that was merged into it is not an origin.
WITH ranked AS (
  SELECT
    fresh.main_id,
    moves.from_main_id,
    moves.ids,
    ROW_NUMBER() OVER (PARTITION BY fresh.main_id ORDER BY moves.ids DESC, moves.from_main_id) AS rank_no
  FROM moves
  JOIN resolved AS previous ON previous.main_id = moves.from_main_id
  JOIN new_main_ids AS fresh ON fresh.main_id = moves.to_main_id
  WHERE NOT same(previous.now_main_id, moves.to_main_id)
)
SELECT main_id, from_main_id, ids FROM ranked WHERE rank_no = 1
