-- SPLIT_PART
SPLIT_PART({'a.b.c'}, {'.'}, -1)   --> 'c'
