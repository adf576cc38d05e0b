"""Durable shells: one loop per case, with no rules of their own."""
