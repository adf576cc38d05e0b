"""What the examples of letters about projects tell."""

from datetime import datetime, timedelta
from typing import Any

from domain.city import LocalText
from readmodel.correspondence.of_projects import ToldPoint, ToldProject

_DAY = timedelta(days=1)
WORDS: dict[str, LocalText] = {
    "project": {
        "nl": "Nieuwe straatlampen en een fietspad in de Europalaan.",
        "en": "New street lamps and a cycle path in the Europalaan.",
        "fr": "De nouveaux lampadaires et une piste cyclable dans l'Europalaan.",
    },
    "reaction": {
        "nl": "Aan de kerk is het 's avonds te donker.",
        "en": "It is too dark at the church in the evening.",
        "fr": "Le soir, il fait trop sombre près de l'église.",
    },
    "closing": {
        "nl": "De werken beginnen in het voorjaar.",
        "en": "The works begin in spring.",
        "fr": "Les travaux commencent au printemps.",
    },
    "trees": {
        "nl": "Laat de bomen aan de school staan.",
        "en": "Keep the trees at the school.",
        "fr": "Gardez les arbres près de l'école.",
    },
    "kept": {"nl": "De bomen blijven.", "en": "The trees stay.", "fr": "Les arbres restent."},
    "one_lamp": {
        "nl": "Er komt één lamp bij.",
        "en": "One lamp is added.",
        "fr": "Un lampadaire est ajouté.",
    },
    "what": {
        "nl": "Waarmee moeten we rekening houden?",
        "en": "What must we take into account?",
        "fr": "De quoi devons-nous tenir compte ?",
    },
}
OF_RESIDENTS: dict[str, dict[str, Any]] = {
    "thanks": {"note": "reaction"},
    "outcome_resident": {"outcome": "explained", "note": "closing"},
}
OF_STAFF: dict[str, dict[str, Any]] = {
    "advise": {},
    "reminder_adviser": {"term": "advise", "due": 20},
    "escalation_adviser": {"reason": "no_response", "climbs_at": 22},
    "summarise": {},
    "advice": {"respond_by": 27, "resolve_by": 40},
    "outcome": {"outcome": "explained", "note": "closing"},
}
"""By the name of the example; numbers are days from the Monday on which they are written."""


def example_project(name: str, language: str, at: datetime, department: str, neighbourhood: str) -> ToldProject | None:
    """None where the example is not about a project."""
    if name not in OF_RESIDENTS and name not in OF_STAFF:
        return None
    answered = name.startswith("outcome")
    by_manager = ToldPoint("1", None, neighbourhood, _said("trees", language))
    by_residents = ToldPoint("2", None, None, _said("reaction", language))
    if answered:
        by_manager = ToldPoint("1", None, neighbourhood, _said("trees", language), "followed", _said("kept", language))
        by_residents = ToldPoint("2", None, None, _said("reaction", language), "partly", _said("one_lamp", language))
    return ToldProject(
        title="Europalaan",
        question=_said("what", language),
        decided=at + 25 * _DAY,
        referring=department,
        points=(by_residents,) if name in OF_RESIDENTS else (by_manager, by_residents),
        asked=name in ("advise", "reminder_adviser", "escalation_adviser"),
        advise_by=at + 20 * _DAY,
    )


def _said(word: str, language: str) -> str:
    return WORDS[word][language]
