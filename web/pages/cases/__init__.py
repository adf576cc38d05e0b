"""Finding cases, and one case as those see it who work on it."""
