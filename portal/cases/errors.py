"""Why an act on a case is refused. `str(error)` is a sentence for the person who tried."""

from portal.cases.models import Case


class MoveRefusedError(Exception):
    """The case cannot go there, or something that the act needs is missing."""


class StaleCaseError(Exception):
    """Somebody else acted on the case after the form was opened. `case` is the case as it is now."""

    def __init__(self, sentence: str, case: Case) -> None:
        super().__init__(sentence)
        self.case = case
