"""How complete the form is said to be, and what would help most."""

import pytest
from django.test import Client

from strategies import brief
from strategies.brief.examples import examples
from tests.strategies import canonical, markup
from tests.strategies.pages import page, typed


def meters(shown: markup.Element) -> dict[str, tuple[str, str]]:
    return {each["aria-label"]: (each["value"], each["max"]) for each in shown.all("meter")}


def after(client: Client, sent: dict[str, object], form: str) -> markup.Element:
    """The page of a draft with this in it."""
    told = client.post("/strategies/drafts", sent | {"form": form}).json()
    return page(client, told["url"])


@pytest.mark.parametrize("form", ["short", "long"])
@pytest.mark.parametrize("name", [*canonical.REAL, "shortest", "full"])
def test_the_meters_count_as_the_brief_is_counted(mine: Client, name: str, form: str) -> None:
    counted = brief.completeness(brief.clean(canonical.request(name)["brief"]))

    shown = meters(after(mine, typed(name), form))

    assert shown["Needed answers"] == (str(counted.required_given), "8")
    assert shown["All answers"] == (str(counted.given), "30")


def test_each_group_has_a_meter_of_its_own(mine: Client) -> None:
    shown = meters(after(mine, typed("full"), "long"))

    for group in brief.GROUPS:
        count = str(sum(field.group == group.id for field in brief.FIELDS))
        assert shown[f"Answers: {group.label}"] == (count, count)


def test_an_answer_that_lacks_what_it_needs_does_not_count(mine: Client) -> None:
    shown = after(mine, {"target_metrics.target_value": "12", "top_competitors.0.strength": "Fast"}, "long")

    assert meters(shown)["Needed answers"] == ("0", "8")
    assert "2 of 8 answered" not in shown.text


def test_what_would_help_most_is_what_lacks_an_answer(mine: Client) -> None:
    def advised(sent: dict[str, object]) -> list[str]:
        items = after(mine, sent, "long").one("answer-advice").all("li")
        return [item["data-for"] for item in items if "hidden" not in item.attributes]

    first = advised({"name": "Mine", "key": "1"})
    later = advised({"name": "Mine", "key": "2", "performance_metrics.traffic": "12000"})

    assert first == ["performance_metrics", "content_budget", "team_size"]
    assert later == ["content_budget", "team_size", "conversion_rates"]
    assert advised(typed("full")) == []


def test_every_advice_says_what_its_lack_means_and_leads_to_its_input(mine: Client) -> None:
    shown = page(mine, "/strategies/new?form=long")

    items = shown.one("answer-advice").all("li")

    assert len(items) == len([field for field in brief.FIELDS if not field.required])
    for item in items:
        assert item.one("span", class_="muted").text.startswith("Without it: ")
        assert len(shown.all(id=item.one("a")["href"].removeprefix("#"))) == 1


def test_examples_are_nearly_complete() -> None:
    for one in examples().values():
        assert brief.completeness(one["brief"]).given >= 18


def test_the_words_count_needed_questions_as_the_meter_does(mine: Client) -> None:
    assert sum(field.required for field in brief.FIELDS) == 8
    assert "eight answers are enough" in page(mine, "/strategies/new").text
    assert "Answer eight questions" in page(mine, "/").text


def test_a_form_that_a_template_made_long_says_so(mine: Client) -> None:
    said = "All questions are shown now"
    template = next(iter(brief.templates()))

    answer = mine.post("/strategies/new", {"form": "short", "template": template})

    assert said in answer.content.decode()
    assert said not in page(mine, "/strategies/new?form=long").text
