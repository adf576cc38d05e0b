"""The figures' pages: how the city is doing, against the period before, and side by side."""
