-- Which profile did most ids of a new one come out of? A profile that went into it whole is no origin: it is merged.
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
