"""What the form of a new strategy may be begun from."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies import brief
from strategies.brief.examples import examples
from strategies.models import Strategy
from tests.strategies import canonical, markup
from tests.strategies.pages import HOSTILE, page, store, typed


def form_at(client: Client, template: str) -> markup.Element:
    return page(client, f"/strategies/new?template={template}").one("form", novalidate="")


def begun(client: Client, sent: Mapping[str, Any], template: str, **more: str) -> dict[str, list[str]]:
    """What stands in the form after a button of "Start from" was pressed."""
    response = client.post("/strategies/new", {**sent, "template": template, **more})
    assert response.status_code == 200
    return markup.sent(markup.read(response.content.decode()).one("form", novalidate=""))


# --- worked examples ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", list(examples()))
def test_an_example_is_a_whole_brief_that_could_be_sent(mine: Client, id: str) -> None:
    one = examples()[id]
    sent = markup.sent(form_at(mine, f"example:{id}"))

    response = mine.post("/strategies/new", sent)

    assert response.status_code == 302
    strategy = Strategy.objects.get()
    assert (strategy.name, strategy.industry, strategy.brief) == (one["name"], one["industry"], one["brief"])
    assert brief.completeness(strategy.brief).missing_required == ()


@pytest.mark.parametrize("id", list(examples()))
def test_an_example_says_that_it_is_one(mine: Client, id: str) -> None:
    shown = page(mine, f"/strategies/new?template=example:{id}")

    assert examples()[id]["name"].startswith("Example: ")
    assert "made up" in shown.one("p", class_="note warning").text
    assert "example" in {
        rival["name"].split()[0].casefold() for rival in examples()[id]["brief"]["top_competitors"]
    } or (not any("website" in rival for rival in examples()[id]["brief"]["top_competitors"]))


def test_an_example_leaves_alone_what_was_typed(mine: Client) -> None:
    kept = begun(mine, {"name": "Mine", "team_size": "9"}, "example:online_shop")

    assert (kept["name"], kept["team_size"]) == (["Mine"], ["9"])
    assert kept["industry"] == ["Household goods, sold online"]


def test_a_template_after_an_example_takes_its_figures_out_again(mine: Client) -> None:
    first = markup.sent(form_at(mine, "example:online_shop")) | {"team_size": ["9"]}

    kept = begun(mine, first, "growth")

    assert kept["name"] == kept["industry"] == kept["content_budget.amount"] == [""]
    assert kept["team_size"] == ["9"]
    assert kept["implementation_timeline"] == ["1 year"]


def test_what_was_begun_from_is_taken_out_again_but_for_what_was_changed(mine: Client) -> None:
    first = markup.sent(form_at(mine, "example:association")) | {"name": ["Mine"]}

    kept = begun(mine, first, "")

    assert brief.from_form(kept) == {}
    assert kept["name"] == ["Mine"]


@pytest.mark.parametrize(
    "id", ["example:", "example:none", "strategy:", "strategy:none", f"strategy:{uuid.uuid4()}", "\0"]
)
def test_a_beginning_that_is_none_is_an_empty_form(mine: Client, id: str) -> None:
    assert brief.from_form(begun(mine, {}, id)) == {}
    assert mine.get("/strategies/new", {"template": id}).status_code == 200


# --- an earlier brief --------------------------------------------------------------------------------------------------


def test_an_earlier_brief_fills_the_form_all_but_the_name(mine: Client, owner: User) -> None:
    strategy = store(owner, "full")

    kept = begun(mine, {}, "earlier", earlier=f"strategy:{strategy.pk}")

    expected = brief.clean_strategy(canonical.request("full"))
    assert brief.clean_partial(brief.from_form(kept)) == brief.clean_partial(
        brief.from_form(brief.to_form(expected.brief))
    )
    assert kept["name"] == [""]
    assert (kept["industry"], kept["timeline_months"]) == ([strategy.industry], ["18"])
    assert Strategy.objects.count() == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_ones_strategies_are_offered_as_text(mine: Client, owner: User, text: str) -> None:
    store(owner, name=text)

    (option,) = page(mine, "/strategies/new").one("select", id="earlier").all("option")

    assert option.raw == text


def test_archived_ones_and_those_of_others_are_not_offered(mine: Client, owner: User, other: User) -> None:
    store(owner, name="Gone", status="archived")
    theirs = store(other)

    assert not page(mine, "/strategies/new").all("select", id="earlier")
    assert brief.from_form(begun(mine, {}, "earlier", earlier=f"strategy:{theirs.pk}")) == {}


# --- rows --------------------------------------------------------------------------------------------------------------


def test_a_row_is_removed_without_a_script_and_the_others_stay(mine: Client) -> None:
    sent = typed() | {"top_competitors.0.name": "A", "top_competitors.1.name": "", "top_competitors.2.name": "C"}
    sent = {name: value for name, value in sent.items() if not name.endswith((".strength", ".weakness", ".website"))}
    sent |= {"top_competitors.3.name": "D"}

    response = mine.post("/strategies/new", sent | {"remove": "top_competitors.2"})

    kept = brief.from_form(markup.sent(markup.read(response.content.decode()).one("form", novalidate="")))
    assert response.status_code == 200
    assert [row["name"] for row in kept["top_competitors"]] == ["A", "D"]
    assert not Strategy.objects.exists()


def test_each_row_can_be_removed_by_a_button_that_names_it(mine: Client) -> None:
    form = page(mine, "/strategies/new").one("form", novalidate="")

    rows = [row for row in form.one("row-list").all("div", class_="row") if "__row__" not in str(row.all("input"))]

    for number, row in enumerate(rows):
        button = row.one("button", name="remove")
        assert (button["value"], button.text) == (f"top_competitors.{number}", f"Remove Competitors {number + 1}")


@pytest.mark.parametrize("row", ["", "name", "top_competitors", "top_competitors.99", "../..", "\0"])
def test_a_row_that_is_none_removes_nothing_else(mine: Client, row: str) -> None:
    response = mine.post("/strategies/new", typed() | {"remove": row})

    kept = markup.sent(markup.read(response.content.decode()).one("form", novalidate=""))
    assert kept["name"] == [typed()["name"]]
    assert kept["business_objectives"] != [""]
