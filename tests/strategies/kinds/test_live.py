"""The kinds with real workers: killed in the middle, and at full size."""

import re
from collections import Counter
from typing import Any

import pytest

from strategies import sections
from strategies.models import Strategy
from tests import live, model_server
from tests.strategies import canonical
from tests.strategies.life import papers

pytestmark = pytest.mark.live


def largest() -> dict[str, Any]:
    """A request of the largest size that a brief may have."""
    asked = canonical.request("full")
    asked |= {"timeline_months": 36, "max_content_pieces": 200}
    rivals = [{"name": f"Rival {letter}{letter}", "strength": f"Known in {letter}"} for letter in "ABCDEFGHIJKLMNO"]
    rivals += [{"name": f"House of {letter}", "weakness": f"Slow in {letter}"} for letter in "ABCDEFGHIJKLMNO"]
    asked["brief"] |= {"top_competitors": rivals, "content_frequency": "Daily", "team_size": 30}
    return asked


def reviewed(visitor: live.Visitor, request: dict[str, Any]) -> dict[str, Any]:
    """A strategy of the visitor's, made and reviewed."""
    made = visitor.create(request)
    assert visitor.ended(visitor.start(made)["id"])["status"] == "succeeded"
    for key in sections.KEYS:
        visitor.http.post(
            f"/api/strategies/{made['id']}/sections/{key}/review", json={"reviewed": True}
        ).raise_for_status()
    return made


def start(visitor: live.Visitor, strategy: dict[str, Any], **payload: Any) -> dict[str, Any]:
    answer = visitor.http.post(f"/api/strategies/{strategy['id']}/jobs", json=payload)
    assert answer.status_code == 202, answer.text
    return answer.json()  # type: ignore[no-any-return]


def first_piece(call: model_server.Call) -> str:
    """The piece that a call began with; empty for that of the themes."""
    found = re.search(r'"pieces": \[\{"id": "(\w+)"', str(call.body["messages"][-1]["content"]))
    return found[1] if found else ""


def test_thirty_competitors_three_years_and_two_hundred_pieces(site: live.Site) -> None:
    visitor = site.visitor()
    strategy = reviewed(visitor, largest())

    job = visitor.ended(start(visitor, strategy, kind="calendar")["id"])

    document = visitor.http.get(f"/api/strategies/{strategy['id']}/document").json()["document"]
    assert job["status"] == "succeeded"
    assert len(document["calendar"]["pieces"]) == 200
    assert len(document["sections"][1]["data"]["competitors"]) == 30
    assert document["sections"][3]["data"]["phases"][-1]["end_month"] == 36
    assert visitor.http.get(strategy["url"]).status_code == 200


def test_a_section_is_written_again_by_a_worker_and_told(site: live.Site) -> None:
    visitor = site.visitor()
    strategy = visitor.create(canonical.request("bakery"))
    visitor.ended(visitor.start(strategy)["id"])

    started = start(visitor, strategy, kind="section", section="risk_assessment", instruction="Shorter")
    reader = visitor.watch(f"job:{started['id']}").finished()
    job = visitor.ended(started["id"])

    assert (job["status"], job["title"]) == ("succeeded", "Section written again")
    assert job["result_url"].endswith("#risk_assessment")
    assert reader.ledger == visitor.events(job["id"])
    assert visitor.http.get(f"/api/strategies/{strategy['id']}/document").json()["version"] == 2


def test_after_kill_9_no_part_of_a_calendar_is_paid_for_twice(site: live.Site) -> None:
    visitor = site.visitor()
    strategy = reviewed(visitor, canonical.request("full"))
    site.worker.stop()
    try:
        with model_server.running(delay=0.4) as model:
            environment = {"STRATEGIES_MODEL": "openai:slow", "OPENAI_BASE_URL": model.url}
            with live.site(redis=site.redis, **environment) as other:
                buyer = other.visitor(visitor.user)
                id = start(buyer, strategy, kind="calendar")["id"]
                live.wait_for(lambda: "done" in [step["status"] for step in buyer.job(id)["steps"][3:4]])

                other.worker.kill()
                live.run_out(id)
                other.worker.start()
                job = buyer.ended(id)
            parts = Counter(first_piece(call) for call in model.calls)
    finally:
        site.worker.start()

    newest = papers.newest(Strategy.objects.get(pk=strategy["id"]))
    assert job["status"] == "succeeded"
    assert job["attempt"] == 2
    assert newest.document["calendar"]["unwritten"] == []
    # Themes and four parts; the one that was being written when its worker was killed may have been asked for again.
    assert len(model.calls) in (5, 6)
    assert parts[""] == parts["piece_001"] == 1
    assert len(parts) == 5
