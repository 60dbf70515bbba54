"""A strategy's page: its document, its versions, its brief."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sse.models import Event
from strategies import brief, document, sections
from strategies.models import Job, Strategy, Version
from tests.strategies import canonical, markup
from tests.strategies.pages import HOSTILE, Working, document_of, page, store


def figures(value: Any) -> list[dict[str, Any]]:
    """Every figure of a document."""
    if isinstance(value, dict):
        own = [value] if {"value", "unit", "basis"} <= value.keys() else []
        return own + [figure for part in value.values() for figure in figures(part)]
    return [figure for part in value for figure in figures(part)] if isinstance(value, list) else []


def words(text: str) -> str:
    """A text as it can be found on a page."""
    return " ".join(text.replace("_", " ").split()).casefold()


@pytest.mark.parametrize("name", [*canonical.REAL, "shortest", "full"])
def test_a_document_is_shown_whole_each_figure_with_its_basis(mine: Client, owner: User, name: str) -> None:
    strategy = store(owner, name)
    made = document_of(strategy, name).document

    shown = page(mine, f"/strategies/{strategy.pk}/")

    text = shown.text.casefold()
    for section in made["sections"]:
        assert shown.one("section", id=section["key"]).one("h2").text == section["title"]
    for figure in figures(made):
        assert words(figure["basis"]) in text
    for _, leaf in document.text_leaves({"sections": [section["data"] for section in made["sections"]]}):
        assert words(leaf) in text or leaf.startswith("http")
    for part in made["score"]["parts"].values():
        assert all(words(reason) in text for reason in part["reasons"] + part["advice"])
    assert all(words(piece["text"]) in text for piece in made["score"]["advice"])
    given = brief.completeness(strategy.brief)
    assert f"{given.required_given} of 8 needed answers, {given.given} of 30 in all" in text


def test_each_line_of_the_outline_leads_to_its_section(mine: Client, owner: User) -> None:
    strategy = store(owner)
    document_of(strategy)

    shown = page(mine, f"/strategies/{strategy.pk}/")

    links = [link["href"] for link in shown.one("nav", aria_label="Outline").all("a")]
    assert {f"#{key}" for key in sections.KEYS} < set(links)
    for link in links:
        shown.one("section", id=link.removeprefix("#"))


def test_a_section_that_failed_keeps_its_place_and_says_why(mine: Client, owner: User) -> None:
    strategy = store(owner)
    given = canonical.material(canonical.request("bakery"))
    written = canonical.write(given) | {"risk_assessment": None}
    compiled = document.compile(given, written, {"risk_assessment": "The model said <b>no</b>."})
    document_of(strategy, sections=compiled["sections"])

    shown = page(mine, f"/strategies/{strategy.pk}/")

    assert "The model said <b>no</b>." in shown.one("section", id="risk_assessment").raw
    assert "failed" in shown.one("nav", aria_label="Outline").text


def test_what_a_newer_document_has_is_shown_and_what_an_older_one_lacks_is_left_out(mine: Client, owner: User) -> None:
    strategy = store(owner)
    figure = {"value": 3, "unit": "cats", "basis": "your figure", "low": None, "high": None}
    new = {
        "key": "moods",
        "title": "Moods",
        "status": "ready",
        "data": {"weather": [{"day": 1, "sky": "grey"}, {"day": 2}]},
    }
    known = [
        {"key": key, "title": key, "status": "ready", "data": {"surprise": {"deep": [figure, None, True]}}}
        for key in sections.KEYS
    ]
    Version.objects.create(strategy=strategy, number=1, document={"sections": [*known, new]}, score=5, engine="offline")

    shown = page(mine, f"/strategies/{strategy.pk}/")

    assert shown.text.count("3 cats") == len(known)
    assert "grey" in shown.one("section", id="moods").text
    assert "5 of 100" in shown.one("section", id="score").text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_models_text_is_inert(mine: Client, owner: User, text: str) -> None:
    def poison(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: part if key in ("key", "status", "basis") else poison(part) for key, part in value.items()}
        return (
            [poison(part) for part in value] if isinstance(value, list) else text if isinstance(value, str) else value
        )

    strategy = store(owner)
    made = canonical.made(canonical.request("analytics-saas"))
    document_of(strategy, "analytics-saas", sections=poison(made["sections"]), summary=poison(made["summary"]))

    shown = page(mine, f"/strategies/{strategy.pk}/")

    article = shown.one("article")
    assert text in article.raw
    assert not article.all("script")
    assert not article.all("img")
    assert all(link["href"].startswith(("/", "#", "http://", "https://", "?")) for link in article.all("a"))


def test_a_competitors_address_becomes_a_link_only_where_it_leads_to_a_site(mine: Client, owner: User) -> None:
    strategy = store(owner)
    made = canonical.made(canonical.request("analytics-saas"))
    rivals = made["sections"][1]["data"]["competitors"]
    rivals[0]["website"] = "javascript:alert(document.cookie)"
    document_of(strategy, sections=made["sections"])

    links = page(mine, f"/strategies/{strategy.pk}/").one("section", id="competitive_analysis").all("a")

    assert [link["href"] for link in links] == [rival["website"] for rival in rivals[1:]]
    assert all("noopener" in link["rel"] for link in links)


def test_an_older_version_is_shown_where_it_is_asked_for(mine: Client, owner: User) -> None:
    strategy = store(owner)
    document_of(strategy, number=1, engine_note="The first one.")
    document_of(strategy, number=2, engine_note="The second one.")

    newest, oldest = page(mine, f"/strategies/{strategy.pk}/"), page(mine, f"/strategies/{strategy.pk}/?version=1")

    assert "The second one." in newest.text
    assert "The first one." in oldest.text
    assert "version 1 of 2" in oldest.text
    assert newest.one("section", id="versions").all("a")[0]["href"] == "?version=1"


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "1e0", "²", "٣", "9" * 30])
def test_a_version_that_is_not_there_is_not_found(mine: Client, owner: User, number: str) -> None:
    strategy = store(owner)
    document_of(strategy)

    assert mine.get(f"/strategies/{strategy.pk}/", {"version": number}).status_code == 404


def test_a_strategy_that_is_being_made_leads_to_its_job(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1)

    shown = page(mine, f"/strategies/{working.job.strategy_id}/")

    assert shown.one("p", class_="note").one("a")["href"] == f"/jobs/{working.job.pk}/"
    assert not shown.all("form", action=f"/strategies/{working.job.strategy_id}/run")


def test_a_strategy_whose_making_failed_leads_to_the_reason(mine: Client, owner: User) -> None:
    job = Working(store(owner)).end(1).give_up("foundation", "No.")

    shown = page(mine, f"/strategies/{job.strategy_id}/")

    assert shown.one("p", class_="note error").one("a")["href"] == f"/jobs/{job.pk}/"


def test_a_stored_brief_can_be_made_and_a_document_made_again(mine: Client, owner: User) -> None:
    strategy = store(owner)
    form = page(mine, f"/strategies/{strategy.pk}/").one("form", action=f"/strategies/{strategy.pk}/run")

    first = mine.post(form["action"], markup.sent(form))
    again = mine.post(form["action"], markup.sent(form))

    job = Job.objects.get()
    assert first["Location"] == again["Location"] == f"/jobs/{job.pk}/"


def test_deleting_asks_first_and_takes_everything_with_it(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1)
    strategy, topic = working.job.strategy, working.job.topic
    assert strategy is not None
    link = page(mine, f"/strategies/{strategy.pk}/").one("a", data_dialog="delete")

    form = page(mine, link["href"]).one("main").one("form")
    before = Strategy.objects.count()
    response = mine.post(form["action"], markup.sent(form), follow=True)

    assert before == 1
    assert response.redirect_chain == [("/", 302)]
    assert "was deleted" in response.content.decode()
    assert not Strategy.objects.exists()
    assert not Job.objects.exists()
    assert not Event.objects.filter(topic__name=topic).exists()


def test_the_groundwork_is_shown_by_names_and_not_by_keys(mine: Client, owner: User) -> None:
    strategy = store(owner, "full")
    document_of(strategy, "full")

    shown = page(mine, f"/strategies/{strategy.pk}/").one("section", id="foundation").text

    assert "Your audience asks for them, and none is planned" in shown
    assert "Conversion rates: Purchase" in shown
    assert not re.search(r"\b(?:Unloved|Absent|Unlisted|Kpi|Roi)\b|\w_\w", shown)
