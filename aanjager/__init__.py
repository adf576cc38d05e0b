"""The command line that puts Aanjager together."""
