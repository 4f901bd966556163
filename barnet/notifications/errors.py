"""What can go wrong with one attempt."""


class PermanentRefusalError(Exception):
    """The channel will never take this message: its text says why, to staff."""

    def __init__(self, reason: str, *, is_address_dead: bool = False) -> None:
        super().__init__(reason)
        self.is_address_dead = is_address_dead  # nothing else can arrive there either


class TemporaryRefusalError(Exception):
    """The channel says no for now, or no to us rather than to this message."""


class NotYetError(Exception):
    """The provider's limit is reached. Nothing was handed over, and it is no fault of this message."""

    def __init__(self, reason: str, *, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class UnknownFateError(Exception):
    """The provider may have taken it: no answer, or one that says nothing. It is asked before the next attempt."""


class NoLongerOursError(Exception):
    """The attempt was settled by another worker, which took us for dead. Nothing was handed over by us."""
