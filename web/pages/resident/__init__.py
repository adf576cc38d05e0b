"""Pages for residents: reporting, following, supporting; without an account."""
