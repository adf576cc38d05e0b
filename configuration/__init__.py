"""The city's files and the process settings: read, checked, and turned into domain values."""
