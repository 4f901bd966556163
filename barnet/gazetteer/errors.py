class BadFileError(Exception):
    """A file that cannot be imported at all. Its text follows the file's name: "addresses.csv is empty."."""


class ImportRunningError(Exception):
    """Another import of the same kind has not ended."""


class IncompleteSupplyError(Exception):
    """What was called the whole list lacks too much of what we have."""
