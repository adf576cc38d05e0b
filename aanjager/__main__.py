"""`python -m aanjager` is the `aanjager` command."""

from aanjager.cli import main

if __name__ == "__main__":
    main()
