"""The comparison: what each reader heard, against the rows, against what the publishers say they did."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from strategies.models import Job
from tests.faults import run as runs
from tests.faults.reader import Reader

if TYPE_CHECKING:
    from tests.faults.run import Run


def compare(run: "Run", unfinished: Sequence[Reader]) -> dict[str, Any]:
    """Return figures, and under ``wrong`` a sentence for each thing that is not as promised."""
    truth = runs.rows([*run.topics, *(job.topic for job in run.jobs)])
    wrong = [*_numbers(truth), *_publishers(run, truth), *_jobs(run, truth)]
    checked = 0
    for reader in run.readers:
        checked += sum(map(len, reader.heard.values()))
        wrong += [f"{reader.name} doubled {what}" for what in reader.doubled]
        wrong += [f"{reader.name} lost before {what}" for what in reader.lost]
        wrong += _against_rows(reader, truth)
    for reader in unfinished:
        wrong.append(f"{reader.name} has not finished {reader.topics}: {dict(reader.ends)}")
    return {
        "seed": run.seed,
        "events": sum(map(len, truth.values())),
        "deliveries": checked,
        "doubled": sum(len(reader.doubled) for reader in run.readers),
        "lost": sum(missing(reader, truth) for reader in run.readers),
        "resets": sum(len(reader.resets) for reader in run.readers),
        "readers": len(run.readers),
        "jobs": len(run.jobs),
        "ends": dict(sum((reader.ends for reader in run.readers), Counter())),
        "wrong": wrong,
    }


def missing(reader: Reader, truth: dict[str, list[tuple[int, str]]]) -> int:
    """How many events of its topics a reader has not, for which no reset accounts."""
    if reader.resets:
        return 0
    return sum(len(truth[name]) - len({seq for seq, _ in reader.heard[name]}) for name in reader.topics)


def _against_rows(reader: Reader, truth: dict[str, list[tuple[int, str]]]) -> list[str]:
    wrong = []
    for name, heard in reader.heard.items():
        real = dict(truth[name])
        wrong += [f"{reader.name}: {name} {seq} differs from its row" for seq, text in heard if real.get(seq) != text]
        if not reader.resets and [seq for seq, _ in heard] != list(real):
            wrong.append(f"{reader.name}: {name} has {len(real)} events, {len(heard)} were heard")
    return wrong


def _numbers(truth: dict[str, list[tuple[int, str]]]) -> list[str]:
    """Promises 1 and 5: numbered without gaps, one final event, and it is the last."""
    wrong = []
    for name, events in truth.items():
        if [seq for seq, _ in events] != list(range(1, len(events) + 1)):
            wrong.append(f"{name} is not numbered 1, 2, 3 …")
        finals = [seq for seq, text in events if json.loads(text).get("final")]
        if finals != [len(events)]:
            wrong.append(f"{name} has {len(events)} events and its final ones are {finals}")
    return wrong


def _publishers(run: "Run", truth: dict[str, list[tuple[int, str]]]) -> list[str]:
    """What was committed stands in the rows, what was rolled back does not."""
    stored = {(name, seq): json.loads(text).get("nonce") for name, events in truth.items() for seq, text in events}
    nonces = set(stored.values())
    wrong = []
    for entry in runs.logged(run.folder, run.id):
        for name, seq, nonce in entry["told"]:
            if entry["did"] == "committed" and stored.get((name, seq)) != nonce:
                wrong.append(f"{nonce} was committed as {name} {seq}, where {stored.get((name, seq))} stands")
            if entry["did"] == "rolled back" and nonce in nonces:
                wrong.append(f"{nonce} was rolled back and stands in the rows")
    return wrong


def _jobs(run: "Run", truth: dict[str, list[tuple[int, str]]]) -> list[str]:
    active = Job.objects.filter(pk__in=[job.pk for job in run.jobs], status__in=Job.ACTIVE)
    return [f"job {job.pk} has not ended: {job.status}" for job in active]
