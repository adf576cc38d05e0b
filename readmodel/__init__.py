"""What has happened, as rows: the projection of events, its queries and its migrations."""
