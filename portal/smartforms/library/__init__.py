"""Forms that come with the portal, as JSON: `names()` and `form(name)`."""

from pathlib import Path

from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import read

FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def form(name: str) -> Definition:
    return read((FOLDER / f"{name}.json").read_text())
