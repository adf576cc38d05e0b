"""Pages of structural work: hot spots, and what a structural case shows besides what any case does."""
