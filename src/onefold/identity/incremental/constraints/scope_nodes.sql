-- The numbers of the members that are solved again.
SELECT __node AS node FROM affected_members
