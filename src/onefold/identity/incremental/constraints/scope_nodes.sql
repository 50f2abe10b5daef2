-- The numbers of the members that are re-solved.
SELECT __node AS node FROM affected_members
