"""
What can go wrong with a job. Each error has a code for machines and a sentence for people.

    StrategyError
    ├── Refused            the job's state forbids it; trying again cannot help          409
    │   └── TooMany        the user has as much as one may have; trying later can help   429
    ├── UnknownKind        there is no such kind of job                                  422
    ├── StepFailed         a step could not do its work
    │   └── JobFailed      … and no other step could either: the job ends here
    └── LeaseLost          the job belongs to another attempt by now
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strategies.engines import Usage


class StrategyError(Exception):
    """Something that strategies refuses or fails to do."""

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.retryable = code, message, retryable


class Refused(StrategyError):
    """The job's state forbids what was asked."""


class TooMany(Refused):
    """The user has as many active jobs, or used as many tokens, as one may. Ask again after ``wait`` seconds."""

    wait: int = 10


class UnknownKind(StrategyError):
    """There is no such kind of job."""


class StepFailed(StrategyError):
    """
    A step could not do its work, for good.

    Its section stays empty, with the reason, and the job goes on; ``retryable`` says whether a new job may do better.
    ``usage`` is what was paid for all the same.
    """

    usage: "Usage | None" = None


class JobFailed(StepFailed):
    """No step after this one could do its work either: the job ends here."""


class LeaseLost(Exception):
    """
    The job belongs to another attempt by now.

    The worker that sees this must stop at once and write nothing more.
    """
