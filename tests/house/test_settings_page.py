"""The page for operators names every variable that the portal reads, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_page_names_every_variable_that_is_read():
    read = set(re.findall(r"""env\.\w+\(\s*["']([A-Z0-9_]+)""", (ROOT / "barnet" / "settings.py").read_text()))
    page = (ROOT / "docs" / "operators" / "settings.md").read_text()
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)} == read
