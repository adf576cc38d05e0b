"""The escalation board: what is stuck, what will be, and what waits to be placed, with what may be done about it."""
