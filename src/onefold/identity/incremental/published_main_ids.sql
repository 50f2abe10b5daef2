-- Every main id ever published.
SELECT main_id FROM anchors
