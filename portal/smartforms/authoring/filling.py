"""The blocks of the editor, filled with a definition from elsewhere."""

from typing import Any

from portal.smartforms.authoring.compiling import blocks_of
from portal.smartforms.authoring.depth import too_deep
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import UnreadableFormError
from portal.smartforms.models import SmartForm


def blocks_for(definition: Definition) -> dict[str, Any]:
    """What the editor shows of it, by the field of SmartForm. Raises UnreadableFormError for rules that no editor has
    room for."""
    if deep := too_deep(definition):
        raise UnreadableFormError(deep)
    blocks = {
        name: getattr(SmartForm, name).field.stream_block.to_python(rows)
        for name, rows in blocks_of(definition).items()
    }
    for stream in blocks.values():
        list(stream)  # reads the lists inside, too: what is not read gets no id
        stream.get_prep_value()  # gives every block its id, which the editor keeps
    return blocks
