"""Why a file is not taken, in words for whoever sent it."""


class Refused(Exception):
    """The file is not taken; *remedy* says what to send instead."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy
