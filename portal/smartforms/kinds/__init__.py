"""The kinds of question: which control asks it, what a good answer is, and what rules may ask of the answer.

A room adds its own with `register(Kind(...))` from `AppConfig.ready()`; a second registration of a name is refused.
"""

from portal.smartforms.kinds import choices, numbered, numbers, texts, things
from portal.smartforms.kinds.numbers import date_bounds, number_bounds
from portal.smartforms.kinds.registry import (
    ASK_MORE,
    OPS,
    Asking,
    Family,
    Kind,
    NotGoodAnyMoreError,
    SetupPart,
    day_of,
    kind_named,
    kind_of,
    names,
    register,
)

__all__ = [
    "ASK_MORE",
    "OPS",
    "Asking",
    "Family",
    "Kind",
    "NotGoodAnyMoreError",
    "SetupPart",
    "date_bounds",
    "day_of",
    "kind_named",
    "kind_of",
    "names",
    "number_bounds",
    "register",
]

for _kind in (*texts.KINDS, *numbered.KINDS, *numbers.KINDS, *choices.KINDS, *things.KINDS):
    register(_kind)
