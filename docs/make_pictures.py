"""Makes the pictures of the documentation, from a running engine with the example city and a Chromium.

    aanjager token create --role department --department roads
    python docs/make_pictures.py http://127.0.0.1:8080 THAT_TOKEN

It sends in a report of its own each time, so use an installation that is there to be played with.
"""

import json
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PICTURES = Path(__file__).parent / "pictures"
REPORT = {
    "kind": "issue",
    "service": "street-light",
    "description": "The street light in front of the bakery has been out for three evenings. Children pass here.",
    "location": {"lat": 50.9655, "lon": 5.5001, "address": "Europalaan 12"},
}


def main(engine: str, token: str) -> None:
    taken = _send(f"{engine}/api/v1/cases", REPORT)
    commands, follow = f"{engine}/api/v1/cases/{taken['case_id']}/commands", f"{engine}/follow/{taken['token']}?lang=en"
    _picture("report", f"{engine}/report?lang=en", 900, 1330)
    _send(commands, {"command": "accept", "assignment": "a1"}, token)
    _send(commands, {"command": "report_progress", "assignment": "a1", "note": "The fitting is ordered."}, token)
    _picture("followed", follow, 900, 1180)
    done = "We replaced the fitting. The light burns again."
    _send(commands, {"command": "resolve", "assignment": "a1", "note": done}, token)
    _picture("solved", follow, 900, 1130)


def _send(url: str, body: dict[str, Any], token: str | None = None) -> Any:
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _picture(name: str, url: str, width: int, height: int) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("no Chromium on the path")
    path = PICTURES / f"{name}.png"
    with TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={profile}"]
        size = [f"--window-size={width},{height}", f"--screenshot={path}"]
        subprocess.run([browser, *options, *size, url], check=True, capture_output=True, timeout=60)
    print(f"{path}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(sys.argv[1].rstrip("/"), sys.argv[2])
