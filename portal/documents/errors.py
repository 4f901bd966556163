class NotProofError(Exception):
    """This document proves nothing (any more), with a sentence for whoever wanted to use it."""


class StillReliedOnError(Exception):
    """An open request relies on it. The sentence names the requests."""


class ChangedDocumentError(Exception):
    """The stored file is not what was certified, or is not there. It has been reported."""
