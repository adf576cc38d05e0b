"""Open311 GeoReport v2: what apps and other cities' systems speak."""
