"""What can go wrong with one attempt."""


class PermanentRefusalError(Exception):
    """The channel will never take this message: its text says why, to staff."""


class TemporaryRefusalError(Exception):
    """The channel says no for now, or no to us rather than to this message."""


class NoLongerOursError(Exception):
    """The attempt was settled by another worker, which took us for dead. Nothing was handed over by us."""
