"""The forms by which staff act on cases, shared by all pages that have them."""
