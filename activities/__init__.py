"""What touches the world on behalf of the workflows."""
