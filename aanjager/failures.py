"""What goes wrong, told in one line."""


def told(failure: Exception) -> str:
    """The first line of what a person needs to know."""
    cause = getattr(failure, "orig", None) or failure
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    name = type(cause).__name__
    if isinstance(failure, OSError) and failure.strerror:
        return f"{failure.filename}: {failure.strerror}" if failure.filename else failure.strerror
    return lines[0] if lines else name
