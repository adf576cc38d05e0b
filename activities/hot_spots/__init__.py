"""Hot spots: where more was reported of late than a place's own past and the rest of the city would explain."""
