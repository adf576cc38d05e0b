"""Signing in: who sits before the browser, and what proves it."""
