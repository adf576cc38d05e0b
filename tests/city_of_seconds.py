"""A small city whose terms are seconds, open day and night, so that a whole ladder is climbed while a test looks on."""

import json
from pathlib import Path

FILES = {
    "city.toml": """
id = "haast"
name = "Haast"
timezone = "Europe/Brussels"
languages = ["nl", "en", "fr"]
[hours]
monday = ["00:00-24:00"]
tuesday = ["00:00-24:00"]
wednesday = ["00:00-24:00"]
thursday = ["00:00-24:00"]
friday = ["00:00-24:00"]
saturday = ["00:00-24:00"]
sunday = ["00:00-24:00"]
[leadership]
email = "college@haast.example"
""",
    "departments.toml": """
[[department]]
id = "roads"
name = { nl = "Wegen", en = "Roads", fr = "Voirie" }
email = "wegen@haast.example"
head_email = "hoofd.wegen@haast.example"
hours = "always"
partner = false
[[department]]
id = "green"
name = { nl = "Groen", en = "Green", fr = "Espaces verts" }
email = "groen@haast.example"
head_email = "hoofd.groen@haast.example"
hours = "always"
partner = false
""",
    "services.toml": """
[[service]]
code = "pothole"
name = { nl = "Put in de weg", en = "Pothole", fr = "Nid-de-poule" }
departments = ["roads"]
policy = "hasty"
[[service]]
code = "nobody-owns-it"
name = { nl = "Van niemand", en = "Nobody's", fr = "De personne" }
departments = []
policy = "hasty"
""",
    "policies.toml": """
[policy.hasty]
respond_within = "2 seconds"
resolve_within = "2 hours"
remind_before = "1 second"
stalled_after = "1 hour"
escalate_every = "1 second"
ladder = ["department_head", "neighbourhood_manager", "city_leadership"]
acknowledged_for = "1 hour"
triage_within = "1 second"
pause_at_most = "1 hour"
feedback_within = "5 seconds"
max_transfers = 1
max_reopens = 1
""",
    "neighbourhoods.toml": """
[[neighbourhood]]
id = "oost"
name = "Oost"
manager_email = "wijkmanager.oost@haast.example"
[[neighbourhood]]
id = "west"
name = "West"
manager_email = "wijkmanager.west@haast.example"
""",
}


def _square(id: str, west: float) -> dict[str, object]:
    ring = [[west, 51.0], [west + 0.1, 51.0], [west + 0.1, 51.1], [west, 51.1], [west, 51.0]]
    return {
        "type": "Feature",
        "properties": {"id": id},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def build(directory: Path) -> Path:
    """Writes the city's files into a new directory."""
    directory.mkdir(parents=True)
    for name, text in FILES.items():
        (directory / name).write_text(text)
    shapes = {"type": "FeatureCollection", "features": [_square("west", 5.4), _square("oost", 5.5)]}
    (directory / "neighbourhoods.geojson").write_text(json.dumps(shapes))
    return directory
