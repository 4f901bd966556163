"""What a published version says, without the proof and its solver."""

import json
from functools import lru_cache

from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import read
from portal.smartforms.models import FormVersion


def definition_of(version: FormVersion) -> Definition:
    """Read once in a process: a version never changes."""
    return _definition(version.sha256, json.dumps(version.definition))


@lru_cache(maxsize=200)
def _definition(sha256: str, source: str) -> Definition:
    return read(source)
