"""Boston as a city of Aanjager, made from the real requests of one quarter; and what the file says, by other means."""

import csv
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "boston_311"
REQUESTS = DATA / "boston_311_2011Q3.csv"
AREAS = DATA / "boston_neighborhoods.geojson"

DEPARTMENTS = {
    "PWDx": "public-works",
    "ISD": "inspections",
    "PARK": "parks",
    "BTDT": "transportation",
    "INFO": "information",
    "PROP": "property",
    "BWSC": "water-and-sewer",
    "DISB": "disabilities",
    "No Q": "no-queue",
    "BPS_": "schools",
    "BHA_": "housing",
}
NEIGHBOURHOODS = {
    "": "downtown",
    "Allston / Brighton": "allston",
    "Boston": "downtown",
    "Downtown / Financial District": "downtown",
    "Fenway / Kenmore / Audubon Circle / Longwood": "fenway",
    "Greater Mattapan": "mattapan",
    "South Boston / South Boston Waterfront": "south-boston",
}
CITY_HALL = (42.3594, -71.0587)

needs_boston = pytest.mark.skipif(
    not REQUESTS.is_file(), reason="Boston's requests are not here: ../shared/data/boston_311"
)


def slugged(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def requests() -> list[dict[str, str]]:
    with REQUESTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def theme_of(rows: list[dict[str, str]]) -> dict[str, str]:
    """The theme of each service: the reason that most of its requests carry."""
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        reasons[slugged(row["type"])][slugged(row["reason"])] += 1
    return {service: most_common(found) for service, found in reasons.items()}


def most_common(counts: Counter[str]) -> str:
    return min(counts, key=lambda word: (-counts[word], word))


def write_city(folder: Path) -> Path:
    """Boston's files in `folder`: departments, services and neighbourhoods as they occur in the data."""
    rows = requests()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(_CITY, encoding="utf-8")
    (folder / "policies.toml").write_text(_POLICIES, encoding="utf-8")
    departments = (
        f'[[department]]\nid = "{id}"\nname = {{ en = "{id}" }}\nemail = "{id}@boston.example"\n'
        f'head_email = "head.{id}@boston.example"\nhours = "city"\npartner = false\n'
        for id in DEPARTMENTS.values()
    )
    (folder / "departments.toml").write_text("\n".join(departments), encoding="utf-8")
    (folder / "services.toml").write_text("\n".join(_services(rows)), encoding="utf-8")
    features = json.loads(AREAS.read_text(encoding="utf-8"))["features"]
    for feature in features:
        feature["properties"] = {"id": slugged(feature["properties"]["name"])}
    areas = {"type": "FeatureCollection", "features": features}
    (folder / "neighbourhoods.geojson").write_text(json.dumps(areas), encoding="utf-8")
    neighbourhoods = (
        f'[[neighbourhood]]\nid = "{feature["properties"]["id"]}"\nname = "{feature["properties"]["id"]}"\n'
        f'manager_email = "manager.{feature["properties"]["id"]}@boston.example"\n'
        for feature in features
    )
    (folder / "neighbourhoods.toml").write_text("\n".join(neighbourhoods), encoding="utf-8")
    return folder


def write_mapping(path: Path) -> Path:
    def table(name: str, pairs: dict[str, str]) -> str:
        return "\n".join([f"[{name}]", *(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in pairs.items())])

    text = "\n".join([_MAPPING, table("departments", DEPARTMENTS), table("neighbourhoods", NEIGHBOURHOODS), ""])
    path.write_text(text, encoding="utf-8")
    return path


def _services(rows: list[dict[str, str]]) -> list[str]:
    departments: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, str] = {}
    for row in rows:
        departments[slugged(row["type"])][DEPARTMENTS[row["department"]]] += 1
        names[slugged(row["type"])] = row["type"]
    themes = theme_of(rows)
    return [
        f'[[service]]\ncode = "{code}"\nname = {{ en = {json.dumps(names[code])} }}\ntheme = "{themes[code]}"\n'
        f'departments = ["{most_common(departments[code])}"]\npolicy = "standard"\n'
        for code in sorted(names)
    ]


_CITY = """\
id = "boston"
name = "Boston"
timezone = "America/New_York"
languages = ["en"]
[hours]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]
[leadership]
email = "mayor@boston.example"
"""

_POLICIES = """\
[policy.standard]
respond_within = "2 working days"
resolve_within = "15 working days"
remind_before = "4 working hours"
stalled_after = "5 working days"
escalate_every = "2 working days"
ladder = ["department_head", "neighbourhood_manager", "city_leadership"]
acknowledged_for = "2 working days"
triage_within = "1 working days"
pause_at_most = "30 days"
feedback_within = "14 days"
max_transfers = 2
max_reopens = 2
"""

_MAPPING = f"""\
source = "boston-311"
kind = "issue"
timezone = "America/New_York"
time_format = "%Y-%m-%d %H:%M:%S"
terms = "from_import"
bad_points = [{list(CITY_HALL)}]
[columns]
source_ref = "case_enquiry_id"
opened_at = "open_dt"
closed_at = "closed_dt"
due_at = "target_dt"
service = "type"
department = "department"
neighbourhood = "neighborhood"
lat = "latitude"
lon = "longitude"
address = "location"
description = "case_title"
resolution = "closure_reason"
"""
