-- Links as pairs of ids with the time they were first seen.
SELECT __left AS left_node, __right AS right_node, first_seen_at AS seen_at FROM links
