"""What a published version says, without the proof and its solver."""

from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import read
from portal.smartforms.models import FormVersion

_MOST = 200
_known: dict[str, Definition] = {}


def definition_of(version: FormVersion) -> Definition:
    """Read once in a process: a version never changes, and its hash names what it says."""
    found = _known.get(version.sha256)
    if found is None:
        found = read(version.definition)
        while len(_known) >= _MOST:
            _known.pop(next(iter(_known)), None)
        _known[version.sha256] = found
    return found
