"""What letters say: from rows of the outbox to subject and text, in the reader's language."""
