"""Tasks answered by a signed link in a letter."""
