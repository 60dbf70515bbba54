"""
Promises 1 to 5, whatever happens in whichever order: a state machine against the real store and the real hub.

It publishes in transactions that commit, roll back or lose their process between commit and PUBLISH; cuts, delays,
doubles, reorders and forges what Redis sends; prunes and removes; and lets readers come, stall, leave and come back with
any cursor. After every step each reader's ledger must be explained by the rows: each once and in order, or a ``reset``
that covers the hole. ``PROMISES_EXAMPLES=5000`` runs it for longer, with new sequences each time.
"""

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

import sse
from sse import channels, sender
from sse.errors import TopicClosed
from sse.models import Event, Topic
from tests import live
from tests.sse.world import Stream, World, forget_threads, parse

pytestmark = pytest.mark.live

EXAMPLES = int(os.environ.get("PROMISES_EXAMPLES", "0"))
TOPICS = 2
READERS = 4
GARBAGE = ("", "x", "-1", "007", "1,2", "=", "9" * 30, "promise:a", "promise:a=1;promise:b=2", "٣")
MALFORMED = (b"", b"{", b"[]", b"null", b'{"topic":1}', b"\xff\xfe", b"[" * 300, b'{"do":"dance"}', b'{"seq":1e999}')

sse.topic("promise")(lambda user, key: True)


class Truth:
    """What was committed on a topic, kept although the rows may be pruned or removed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[int, str] = {}
        self.pruned = 0
        self.closed = False
        self.removed = False
        # An event was stored of which nothing can be heard: found when positions are compared.
        self.owed = False

    @property
    def head(self) -> int:
        return 0 if self.removed else len(self.rows)


class Reader:
    """Somebody who watches topics and checks all that is said."""

    def __init__(self, truths: list[Truth], *, heeds: bool) -> None:
        self.truths = {truth.name: truth for truth in truths}
        # Whether it goes on from where a reset told it to, as our client does, or from the last id, as EventSource.
        self.heeds = heeds
        self.cursor: str | None = None
        self.stream: Stream | None = None

    @property
    def open(self) -> bool:
        return self.stream is not None and not self.stream.over

    def begin(self, stream: Stream) -> None:
        self.stream, self.told, self.said, self.settled = stream, 0, "", False
        self.at = self._read(self.cursor)
        self.heads = {name: truth.head for name, truth in self.truths.items()}
        self.done = all(t.closed and not t.removed and self.at[n] == t.head for n, t in self.truths.items())

    def _read(self, cursor: str | None) -> dict[str, int | None]:
        if cursor is None or cursor == "":
            return dict.fromkeys(self.truths, 0)
        if cursor in GARBAGE:
            return dict.fromkeys(self.truths)
        if "=" not in cursor:
            return dict.fromkeys(self.truths, int(cursor))
        known = dict(part.split("=") for part in cursor.split(","))
        return {name: int(known.get(name, 0)) for name in self.truths}

    def check(self) -> None:
        """Every step: what was said is right so far."""
        assert self.stream is not None
        assert self.stream.status in (None, 200, 204), self.stream.status
        if self.stream.status == 204:
            assert all(t.closed and self.at[n] == t.head for n, t in self.truths.items()), "204, but there is more"
        elif self.stream.status == 200:
            assert not self.done, "a finished stream was not answered with 204"
        heard = parse(self.stream.body)
        for event, id, data in heard[self.told :]:
            assert self.said != "bye", f"{event} after bye"
            assert (event == "hello") == (self.said == ""), "hello comes first and once"
            self.said = event
            if event == "reset":
                self._reset(self.truths[data["topic"]], data)
            elif event == "bye":
                self._bye(data["reason"])
            elif event != "hello":
                self._event(self.truths[data["topic"]], event, id, data)
        self.told = len(heard)

    def _reset(self, truth: Truth, data: dict[str, Any]) -> None:
        before, reason = self.at[truth.name], data["reason"]
        after = (self._read(data["cursor"]))[truth.name]
        assert after is not None
        assert after <= truth.pruned, f"a reset skips what is kept: {data}"
        if reason == "unreadable":
            assert before is None
        elif reason == "ahead":
            assert before is not None
            assert before > self.heads[truth.name] or truth.removed, f"a reset without cause: {data}"
        else:
            assert reason == "pruned"
            assert before is not None
            assert before < after, f"a reset without cause: {data}"
        self.at[truth.name] = after
        if self.heeds and None not in self.at.values():
            self.cursor = data["cursor"]

    def _event(self, truth: Truth, event: str, id: str | None, data: dict[str, Any]) -> None:
        at = self.at[truth.name]
        assert at is not None, "an event before the reset that a bad cursor asks for"
        assert data["seq"] == at + 1, f"{truth.name} stood at {at}, and then came {data['seq']}"
        assert data["n"] == truth.rows[at + 1], "not what was published"
        assert data.get("final", False) == (truth.closed and data["seq"] == len(truth.rows))
        self.at[truth.name] = data["seq"]
        assert id is not None
        assert self._read(id) == self.at, f"the cursor {id} does not say where the reader stands: {self.at}"
        self.cursor = id

    def _bye(self, reason: str) -> None:
        if reason == "gone":
            assert any(truth.removed for truth in self.truths.values())
            return
        assert reason == "done", f"bye for no reason: {reason}"
        for name, truth in self.truths.items():
            assert truth.closed, f"done, but {name} goes on"
            assert self.at[name] == len(truth.rows), f"done at {self.at[name]} of {len(truth.rows)}"

    def check_all(self, *, up: bool) -> None:
        """Nothing is on its way: a reader that takes what it is sent stands at the end."""
        if not self.open or not self.stream or not self.stream.gate.is_set():
            return
        # One that came just before the connection was lost waits up to a second for its subscription.
        self.settled = self.settled or up
        if not self.settled:
            return
        for name, truth in self.truths.items():
            if truth.removed:
                had_all = truth.closed and self.at[name] == len(truth.rows)
                assert had_all or self.at[name] == 0, f"{name} is gone, and its reader was not told"
            elif not truth.owed:
                assert self.at[name] == truth.head, f"{name}: a reader stands at {self.at[name]} of {truth.head}"
            else:
                assert (self.at[name] or 0) >= self.heads[name], f"{name}: what was stored before it came is missing"
        ended = all(t.closed and self.at[n] == t.head for n, t in self.truths.items())
        assert not ended, "all is said, and the stream stays open"


class Promises(RuleBasedStateMachine):
    """What may happen."""

    cookie = ""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.cookie)
        key = uuid.uuid4().hex[:12]
        self.truths = [Truth(f"promise:{key}.{number}") for number in range(TOPICS)]
        self.readers: list[Reader] = []
        self.count = 0

    @initialize()
    def connect_at_first(self) -> None:
        self.world.wire.connect()

    def after_step(self, *, quiet: bool = False) -> None:
        for reader in self.readers:
            reader.check()
            if quiet:
                reader.check_all(up=self.world.wire.up)

    # --- publishing -----------------------------------------------------------------------------------------------

    @rule(
        wanted=st.lists(st.integers(0, TOPICS - 1), min_size=1, max_size=5),
        how=st.sampled_from(["commit", "commit", "batch", "nested", "roll back", "crash"]),
        final=st.sampled_from([False, False, False, True]),
    )
    def publish(self, wanted: list[int], how: str, final: bool) -> None:
        truths = [truth for number in sorted(wanted) if not (truth := self.truths[number]).removed]
        heads = {truth.name: truth.head for truth in truths}
        try:
            with transaction.atomic():
                self._publish(truths, how, final=final)
                if how == "crash":
                    connection.run_on_commit = []  # the process dies between COMMIT and PUBLISH
                if how == "roll back":
                    transaction.set_rollback(True)
        except TopicClosed:
            assert any(truth.closed for truth in truths) or (final and len(truths) > 1)
        carried = self.world.carry()
        for truth in truths:
            self._note(truth, heads[truth.name], sent=channels.of_topic(truth.name) in carried)
        self.after_step()

    def _publish(self, truths: list[Truth], how: str, *, final: bool) -> None:
        wanted = [(truth.name, *self._event(final=final and truth is truths[-1])) for truth in truths]
        if how == "batch":
            sse.publish_all(wanted)
            return
        for name, type, data in wanted:
            if how == "nested":
                with transaction.atomic():
                    sse.publish(name, "progress", {"n": "never"})
                    transaction.set_rollback(True)
            sse.publish(name, type, data)

    def _event(self, *, final: bool) -> tuple[str, dict[str, Any]]:
        self.count += 1
        return "complete" if final else "progress", {"n": self.count}

    def _note(self, truth: Truth, head: int, *, sent: bool) -> None:
        stored = list(Event.objects.filter(topic__name=truth.name, seq__gt=head).order_by("seq"))
        assert [event.seq for event in stored] == list(range(head + 1, head + 1 + len(stored))), "promise 1"
        for event in stored:
            assert not truth.closed, "an event after the final one"
            truth.rows[event.seq] = event.data["n"]
            truth.closed = event.data.get("final", False)
        if stored:
            truth.owed = not sent

    # --- readers --------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.readers) < READERS)
    @rule(
        wanted=st.sets(st.integers(0, TOPICS - 1), min_size=1),
        heeds=st.booleans(),
        cursor=st.one_of(st.none(), st.integers(0, 8), st.sampled_from(GARBAGE)),
    )
    def come(self, wanted: set[int], heeds: bool, cursor: str | int | None) -> None:
        reader = Reader([self.truths[number] for number in sorted(wanted)], heeds=heeds)
        if isinstance(cursor, int):
            names = list(reader.truths)
            cursor = str(cursor) if len(names) == 1 else ",".join(f"{name}={cursor}" for name in names)
        reader.cursor = cursor
        self.readers.append(reader)
        self._begin(reader)

    def _begin(self, reader: Reader) -> None:
        reader.begin(self.world.request(list(reader.truths), reader.cursor))
        self.world.turn()
        self.after_step()

    @precondition(lambda self: self.world.wire.up and len(self.readers) < READERS)
    @rule(number=st.integers(0, TOPICS - 1), turns=st.integers(0, 9), early=st.booleans())
    def come_just_before_an_event(self, number: int, turns: int, early: bool) -> None:
        """The race: what is published while the rows are read, before the subscription took effect or after it."""
        self.come(wanted={number}, heeds=False, cursor=None)
        self.turn(turns=3)
        if early:
            self.world.wire.serve()
            self.deliver(count=len(self.world.wire.inbox), turns=0)
        self.turn(turns=turns)
        self.publish(wanted=[number], how="commit", final=False)
        self.world.wire.serve()
        self.deliver(count=len(self.world.wire.inbox), turns=0)
        self.settle()

    @precondition(lambda self: any(not reader.open for reader in self.readers))
    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        self._begin(data.draw(st.sampled_from([reader for reader in self.readers if not reader.open])))

    @precondition(lambda self: any(reader.open for reader in self.readers))
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        reader = data.draw(st.sampled_from([reader for reader in self.readers if reader.open]))
        assert reader.stream
        reader.stream.left.set()
        reader.stream.gate.set()
        self.world.rest()
        reader.stream.over = True
        self.after_step()

    @precondition(lambda self: any(reader.open for reader in self.readers))
    @rule(data=st.data())
    def stall_or_go_on(self, data: st.DataObject) -> None:
        reader = data.draw(st.sampled_from([reader for reader in self.readers if reader.open]))
        assert reader.stream
        if reader.stream.gate.is_set():
            reader.stream.gate.clear()
        else:
            reader.stream.gate.set()
        self.world.turn()
        self.after_step()

    # --- time and the wire ----------------------------------------------------------------------------------------

    @rule(turns=st.integers(1, 4))
    def turn(self, turns: int) -> None:
        for _ in range(turns):
            self.world.turn()
        self.after_step()

    @precondition(lambda self: self.world.wire.commands)
    @rule()
    def redis_subscribes(self) -> None:
        self.world.wire.serve()

    @precondition(lambda self: self.world.wire.inbox)
    @rule(count=st.integers(1, 6), turns=st.integers(0, 2))
    def deliver(self, count: int, turns: int) -> None:
        for _ in range(min(count, len(self.world.wire.inbox))):
            self.world.loop.call_soon(self.world.wire.deliver)
        for _ in range(1 + turns):
            self.world.turn()
        self.after_step()

    @rule(
        data=st.data(), number=st.integers(0, TOPICS - 1), how=st.sampled_from(["double", "order", "forge", "nonsense"])
    )
    def tamper(self, data: st.DataObject, number: int, how: str) -> None:
        inbox, name = self.world.wire.inbox, self.truths[number].name
        places = [place for place, reply in enumerate(inbox) if reply[0] == b"message"]
        if how == "double" and places:
            inbox.append(inbox[data.draw(st.sampled_from(places))])
        elif how == "order" and places:
            order = data.draw(st.permutations(places))
            inbox[:] = [inbox[order[places.index(n)]] if n in places else reply for n, reply in enumerate(inbox)]
        elif how == "forge":
            self._forge(self.truths[number], ahead=data.draw(st.integers(2, 9)))
        elif how == "nonsense":
            channel = data.draw(st.sampled_from([channels.EVERYBODY, channels.of_topic(name)]))
            self._hear(channel, data.draw(st.sampled_from(MALFORMED)))

    def _forge(self, truth: Truth, *, ahead: int) -> None:
        # The very next number, forged, is believed until positions are compared: only who may publish can write there.
        seq = len(truth.rows) + ahead
        text = (
            f'{{"topic":"{truth.name}","seq":{seq},"type":"progress","final":{str(seq % 2 > 0).lower()},"n":"forged"}}'
        )
        self._hear(channels.of_topic(truth.name), text.encode())

    def _hear(self, channel: str, payload: bytes) -> None:
        if self.world.wire.up:
            self.world.loop.call_soon(self.world.wire.take, [b"message", channel.encode(), payload])
            self.world.turn()
            self.after_step()

    @rule()
    def cut_or_connect(self) -> None:
        wire = self.world.wire
        if wire.up:
            self.world.loop.call_soon(wire.cut)
        else:
            self.world.loop.call_soon(wire.connect)
        self.world.turn()
        self.after_step()

    # --- the store ------------------------------------------------------------------------------------------------

    @precondition(lambda self: any(truth.head > truth.pruned for truth in self.truths))
    @rule(data=st.data(), share=st.sampled_from([0.5, 1.0]))
    def prune(self, data: st.DataObject, share: float) -> None:
        truth = data.draw(st.sampled_from([truth for truth in self.truths if truth.head > truth.pruned]))
        upto = max(truth.pruned, int(truth.head * share))
        if truth.removed or upto == truth.pruned:
            return
        with transaction.atomic():
            Topic.objects.filter(name=truth.name).update(pruned=upto)
            Event.objects.filter(topic__name=truth.name, seq__lte=upto).delete()
        truth.pruned = upto
        self.after_step()

    @precondition(lambda self: any(truth.head > 1 for truth in self.truths))
    @rule(data=st.data(), sure=st.sampled_from([False, False, False, True]))
    def remove(self, data: st.DataObject, sure: bool) -> None:
        truth = data.draw(st.sampled_from([truth for truth in self.truths if truth.head > 1]))
        if not sure:
            return
        sse.remove(truth.name)
        truth.removed, truth.owed = True, False
        self.world.carry()
        self.after_step()

    # --- what must be true ----------------------------------------------------------------------------------------

    @rule()
    def settle(self) -> None:
        self.world.settle()
        self.after_step(quiet=self.world.wire.up)

    @rule()
    def compare(self) -> None:
        """The timer of comparison, at its time; it needs no Redis."""
        self.world.settle()
        self.world.hub.look.set()
        self.world.settle()
        for truth in self.truths:
            truth.owed = False
        self.after_step(quiet=True)

    def teardown(self) -> None:
        try:
            self._end()
        finally:
            self.world.close()
            Topic.objects.filter(name__in=[truth.name for truth in self.truths]).delete()

    def _end(self) -> None:
        """All is well again: whoever is still there gets the rest, and nothing stays behind."""
        if not self.world.wire.up:
            self.world.loop.call_soon(self.world.wire.connect)
        for reader in self.readers:
            if reader.stream:
                reader.stream.gate.set()
        self.compare()
        for reader in self.readers:
            if reader.open and reader.stream:
                reader.stream.left.set()
        self.world.rest()
        assert self.world.faults() == []
        assert not self.world.hub.streams
        assert not self.world.hub.topics


@pytest.fixture
def cookie(rows: None, redis_server: live.Process) -> Iterator[str]:
    """A signed-in user's, in a process with one thread that queries and little patience with slow readers."""
    live.wait_for(lambda: sender.send(f"{channels.PREFIX}awake", b"{}"), what="Redis to be there")
    forget_threads()
    with override_settings(
        SSE_THREADS=1,
        SSE_REPLAY_BATCH=3,
        SSE_BACKLOG_EVENTS=2,
        SSE_HEARTBEAT_SECONDS=3600,
        SSE_POLL_SECONDS=3600,
        SSE_MAX_STREAM_SECONDS=0,
    ):
        yield live.Visitor("http://testserver", live.new_user()).cookies["sessionid"]
        forget_threads()


@pytest.mark.timeout(0 if EXAMPLES else 600)
def test_whatever_happens_each_ledger_is_the_rows_or_a_reset_covers_the_hole(cookie: str) -> None:
    machine = type("Machine", (Promises,), {"cookie": cookie})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES or 110,
            stateful_step_count=50,
            deadline=None,
            # The same sequences in every run of ``make test``: what fails there fails again.
            derandomize=not EXAMPLES,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
