"""The installation that a command works on: its settings, city and database."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from aanjager.example import example_city
from configuration.city_files import read_city
from configuration.places import Places
from configuration.settings import Settings, read_settings
from domain.city import City
from readmodel.database import connect
from readmodel.migrate import migrate


@dataclass(frozen=True)
class Installation:
    """Everything that lies still: what the city's files say, and where its cases are kept."""

    settings: Settings
    """With the directory of the city's files, whether it was named or is the example."""
    city: City
    places: Places
    engine: Engine


def installation(settings: Settings | None = None) -> Installation:
    """Opens the installation of the environment, its database brought up to date.

    Raises SettingsMistake, CityMistakes, or SQLAlchemy's OperationalError.
    """
    settings = settings or read_settings()
    directory = settings.city or example_city()
    city = read_city(directory, datetime.now(UTC).date())
    migrate(settings.database_url)
    settings = settings.model_copy(update={"city": directory})
    return Installation(
        settings, city, Places.read(directory / "neighbourhoods.geojson"), connect(settings.database_url)
    )
