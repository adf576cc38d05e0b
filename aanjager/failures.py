"""What goes wrong, told in one line; where files have several mistakes, each on its own."""


def told(failure: Exception) -> str:
    """What a person needs to know, never a traceback."""
    if mistakes := getattr(failure, "mistakes", None):
        return "\n".join([*(["there are mistakes:"] if len(mistakes) > 1 else []), *map(str, mistakes)])
    cause = getattr(failure, "orig", None) or failure
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    name = type(cause).__name__
    if isinstance(failure, OSError) and failure.strerror:
        return f"{failure.filename}: {failure.strerror}" if failure.filename else failure.strerror
    about = "the database: " if cause is not failure else ""
    return about + (lines[0] if lines else name)
