"""Residents who act: a case is offered to them, someone takes it on, does it and accounts for it."""
