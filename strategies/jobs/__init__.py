"""
Every change of a job: enqueue, claim, begin, record, finish, fail, cancel, retry, give back. Nothing else writes one.

The rows are the queue. A job is claimable when it is queued and due, or running under a lease that ran out. ``attempt``
is the fencing token: every transaction that tells of a job begins with the conditional UPDATE of its row, and where that
finds nothing the attempt has lost its lease and writes nothing (promise 6). Locks are taken Job first, then topics in the
order of their names. Leases are measured by the database's clock.
"""

from strategies.jobs.claims import SUSPECT_ATTEMPTS, beat, claim, give_back
from strategies.jobs.endings import cancel, delete_strategy
from strategies.jobs.progress import begin, fail, finish, record, record_failure
from strategies.jobs.requests import enqueue
from strategies.jobs.reservations import reserve
from strategies.jobs.retries import retry

__all__ = [
    "SUSPECT_ATTEMPTS",
    "beat",
    "begin",
    "cancel",
    "claim",
    "delete_strategy",
    "enqueue",
    "fail",
    "finish",
    "give_back",
    "record",
    "record_failure",
    "reserve",
    "retry",
]
