"""Projects for those who refer them, advise on them and answer."""
