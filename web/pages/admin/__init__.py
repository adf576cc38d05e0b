"""Pages for administrators: accounts, tokens, letters, and the city as the engine understands it."""
