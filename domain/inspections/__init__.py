"""Looking in the field: which cases are worth it, and what was found."""
