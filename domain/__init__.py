"""What the city has decided: pure functions over frozen dataclasses, no clock and no I/O."""
