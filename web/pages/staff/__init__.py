"""The case page: one case as those see it who work on it."""
