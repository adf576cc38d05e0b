"""The outside: the HTTP API and the pages."""
