"""Where the example city Genk lies: in a checkout, or inside an installed wheel."""

from pathlib import Path


def example_city() -> Path:
    here = Path(__file__).resolve().parent
    checkout = here.parent / "deploy" / "cities" / "genk"
    return checkout if checkout.is_dir() else here / "example_city" / "genk"
