"""A department's inbox, its bulk work and its list on paper."""
