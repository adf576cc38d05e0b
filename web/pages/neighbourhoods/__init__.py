"""The neighbourhoods and their pages: which there are, and how each is doing."""
