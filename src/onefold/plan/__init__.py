"""Project -> Plan: which steps there are, what each needs, in which order. No file, no table, no SQL."""
