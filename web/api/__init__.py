"""The HTTP API: what other programs ask of the city, and how they are answered."""
