"""Which browser asks, in so few words that its owner recognises it and nobody else learns much."""

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def kind_of_browser(user_agent: str) -> str:
    """Such as "Firefox, Windows"; empty where nothing is recognised."""
    found = [next((name for sign, name in signs if sign in user_agent), None) for signs in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name is not None)
