"""The neighbourhood team: what it should talk about, and what it decided."""
