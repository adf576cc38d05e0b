"""Webhooks: telling departments' own systems what happens."""
