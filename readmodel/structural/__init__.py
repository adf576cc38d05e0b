"""Structural work as it is kept: hot spots, what a structural case bundles, and what it changed."""
