"""A city of two departments and two neighbourhoods, to make mistakes in."""

from pathlib import Path

FILES = {
    "city.toml": """\
id = "dorp"
name = "Dorp"
timezone = "Europe/Brussels"
languages = ["nl", "en"]
[hours]
monday = ["08:00-12:00", "13:00-17:00"]
friday = ["08:00-12:00"]
[holidays]
country = "BE"
closed = ["2026-12-24"]
[leadership]
email = "college@dorp.example"
""",
    "departments.toml": """\
[[department]]
id = "roads"
name = { nl = "Wegen", en = "Roads" }
email = "wegen@dorp.example"
head_email = "hoofd.wegen@dorp.example"
hours = "city"
partner = false

[[department]]
id = "police"
name = { nl = "Politie", en = "Police" }
email = "politie@dorp.example"
head_email = "hoofd.politie@dorp.example"
hours = "always"
partner = true
""",
    "services.toml": """\
[[service]]
code = "street-light"
name = { nl = "Straatverlichting", en = "Street light" }
group = "public-space"
theme = "safety"
departments = ["roads"]
policy = "standard"
urgent_policy = "urgent"
keywords = ["lamp", "licht"]
[[service.route]]
neighbourhoods = ["heide"]
departments = ["police"]
[[service.attribute]]
code = "pole"
datatype = "string"
order = 2
description = { nl = "Welk nummer staat op de paal?", en = "Which number is on the pole?" }
datatype_description = { nl = "Zoals L-0421", en = "Such as L-0421" }
[[service.attribute]]
code = "seen"
datatype = "multivaluelist"
required = true
order = 1
description = { nl = "Wat is er te zien?", en = "What is to be seen?" }
values = [
    { key = "dark", name = { nl = "Donker", en = "Dark" } },
    { key = "broken", name = { nl = "Kapot glas", en = "Broken glass" } },
]

[[service]]
code = "other"
name = { nl = "Iets anders", en = "Something else" }
departments = []
policy = "standard"
""",
    "policies.toml": """\
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
[policy.standard.attention]
respond_within = "1 working days"
ladder = ["neighbourhood_manager"]

[policy.urgent]
respond_within = "2 hours"
resolve_within = "24 hours"
remind_before = "30 minutes"
stalled_after = "6 hours"
escalate_every = "2 hours"
ladder = ["department_head"]
acknowledged_for = "4 hours"
triage_within = "1 hour"
pause_at_most = "3 days"
feedback_within = "14 days"
max_transfers = 0
max_reopens = 0
""",
    "neighbourhoods.toml": """\
[[neighbourhood]]
id = "centrum"
name = "Centrum"
tier = "attention"
manager_email = "manager@dorp.example"
team = ["police"]
budget = 2500

[[neighbourhood]]
id = "heide"
name = "Heide"
manager_email = "manager@dorp.example"
""",
    "neighbourhoods.geojson": """\
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"id": "centrum"},
 "geometry": {"type": "Polygon", "coordinates": [[[5.0, 51.0], [5.1, 51.0], [5.1, 51.1], [5.0, 51.1], [5.0, 51.0]]]}},
{"type": "Feature", "properties": {"id": "heide"},
 "geometry": {"type": "MultiPolygon", "coordinates": [
  [[[5.1, 51.0], [5.2, 51.0], [5.2, 51.1], [5.1, 51.1], [5.1, 51.0]]],
  [[[5.3, 51.0], [5.4, 51.0], [5.4, 51.1], [5.3, 51.0]]]]}}
]}
""",
}


def write_city(directory: Path, files: dict[str, str] | None = None) -> Path:
    directory.mkdir(exist_ok=True)
    for name, content in (files or FILES).items():
        (directory / name).write_text(content, encoding="utf-8")
    return directory
