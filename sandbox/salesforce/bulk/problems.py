"""The two ways a job can go wrong: a call about it is refused at once, or the job fails later as a whole."""

from sandbox.salesforce.errors import CallError


class JobRefusedError(CallError):
    """HTTP 400 with the code in capitals and the message "Code : text" (verified for INVALIDJOB)."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(400, code.upper(), f"{code} : {text}")


class JobFailedError(Exception):
    """The state becomes Failed and the errorMessage "Code : text" (verified); rows saved before stay saved."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code} : {text}")
