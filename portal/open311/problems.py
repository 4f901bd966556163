"""Why a call is refused."""


class CallRefusedError(Exception):
    """`str(error)` is a sentence for whoever wrote the other system."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status
