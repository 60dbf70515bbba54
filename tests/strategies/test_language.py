"""The pages in the reader's language; what is stored, exported or read by programs stays as it is."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from strategies import jobs, texts
from strategies.models import Strategy
from tests.strategies import canonical, markup
from tests.strategies.exports import samples
from tests.strategies.pages import Working, page, store, typed


@pytest.fixture
def german(mine: Client) -> Client:
    """The owner, who has chosen German."""
    mine.post("/language", {"language": "de", "next": "/"})
    return mine


# --- whose language -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "spoken"), [("", "en"), ("de-AT,de;q=0.9,en;q=0.5", "de"), ("fr", "en"), ("en-GB,de;q=0.5", "en")]
)
def test_a_page_is_in_the_language_that_the_browser_asks_for(client: Client, asked: str, spoken: str) -> None:
    response = client.get("/accounts/login/", headers={"Accept-Language": asked} if asked else {})

    shown = markup.read(response.content.decode())
    assert (shown.one("html")["lang"], shown.one("html")["dir"]) == (spoken, "ltr")
    assert shown.one("h1").text == {"en": "Sign in", "de": "Anmelden"}[spoken]
    assert response["Content-Language"] == spoken


@pytest.mark.django_db
def test_a_cache_keeps_the_languages_of_a_page_apart(client: Client) -> None:
    varies = client.get("/accounts/login/")["Vary"].lower()

    assert "accept-language" in varies
    assert "cookie" in varies


def test_a_language_is_chosen_without_a_script_and_kept(mine: Client) -> None:
    form = page(mine, "/?q=oven").one("form", action="/language")

    answer = mine.post("/language", markup.sent(form) | {"language": "de"})

    assert answer["Location"] == "/?q=oven"
    assert page(mine, "/").one("html")["lang"] == "de"
    # The choice outweighs what the browser asks for.
    assert b'<html lang="de"' in mine.get("/", headers={"Accept-Language": "en"}).content
    chosen = page(mine, "/").one("form", action="/language").one("button", aria_pressed="true")
    assert (chosen["value"], chosen.text) == ("de", "Deutsch")


def test_a_language_that_is_not_there_changes_nothing(mine: Client) -> None:
    mine.post("/language", {"language": "xx", "next": "https://elsewhere.example/"})

    assert page(mine, "/").one("html")["lang"] == "en"


def test_a_choice_leads_to_no_other_site(mine: Client) -> None:
    answer = mine.post("/language", {"language": "de", "next": "https://elsewhere.example/"})

    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_a_page_from_right_to_left_says_so(client: Client, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "العربية")]
    client.cookies["django_language"] = "ar"

    shown = page(client, "/accounts/login/")

    assert (shown.one("html")["lang"], shown.one("html")["dir"]) == ("ar", "rtl")


# --- what is shown ------------------------------------------------------------------------------------------------------


def test_the_form_asks_in_german_and_sends_what_it_always_sends(german: Client) -> None:
    shown = page(german, "/strategies/new?form=long")

    select = shown.one("select", id="q-content_frequency")
    options = {option["value"]: option.text for option in select.all("option")}
    assert options["Weekly"] == "Wöchentlich"
    assert shown.one("label", for_="q-business_objectives").text == "Unternehmensziele"
    assert shown.one("input", value="Lack of Time")["type"] == "checkbox"


def test_what_is_wrong_is_said_in_german_and_nothing_is_stored(german: Client) -> None:
    response = german.post("/strategies/new", typed(name=""))

    shown = markup.read(response.content.decode())
    assert response.status_code == 422
    assert "Bitte füllen Sie dieses Feld aus." in shown.one("div", id="faults").text
    assert not Strategy.objects.exists()


def test_a_number_is_written_back_as_it_is_read(german: Client) -> None:
    answer = german.post("/strategies/new", typed(name="", **{"content_budget.amount": "2500.5"}) | {"form": "long"})

    assert markup.read(answer.content.decode()).one("input", name="content_budget.amount")["value"] == "2500.5"


def test_a_job_is_told_in_german_though_it_was_stored_in_english(german: Client, owner: User) -> None:
    working = Working(store(owner)).end(1, summary="A sentence of its own, 2.5 of it.")
    working.begin(2)

    shown = page(german, f"/jobs/{working.job.pk}/")

    assert working.job.message == "Laying the groundwork …"
    assert shown.one("span", data_part="message").text == "Die Grundlagen legen …"
    row = shown.one("li", data_step="context")
    assert row.one("span", class_="word").text == "erledigt, 1 min 5 s"
    assert row.one("span", class_="summary").text == "A sentence of its own, 2.5 of it."


def test_the_page_of_a_job_gives_its_script_the_words_of_events(german: Client, owner: User) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=store(owner))

    shown = page(german, f"/jobs/{job.pk}/")

    words = json.loads(shown.one("script", id="words").raw)
    assert words["jobs"]["queued"]["word"] == "In der Warteschlange"
    assert words["told"]["Reading the brief"] == "Das Briefing lesen"
    assert json.loads(shown.one("script", id="texts").raw)["{time} so far"] == "bisher {time}"
    assert job.message == "Waiting for a worker."


def test_a_page_in_english_carries_no_other_words(mine: Client, owner: User) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=store(owner))

    shown = page(mine, f"/jobs/{job.pk}/")

    assert json.loads(shown.one("script", id="words").raw)["told"] == {}
    assert shown.all("script", id="texts") == []


def figures(shown: markup.Element) -> list[str]:
    found = [one.text for one in shown.all("span", class_="number")]
    return [text for text in found if re.fullmatch(r"[0-9.,]+", text)]


def test_figures_and_dates_of_a_document_are_written_as_in_german(mine: Client, owner: User) -> None:
    version = samples.store(owner, canonical.request("pumpen"))
    english = page(mine, f"/strategies/{version.strategy_id}/").one("main")
    mine.cookies["django_language"] = "de"

    german = page(mine, f"/strategies/{version.strategy_id}/").one("main")

    assert any("," in text or "." in text for text in figures(english))
    assert figures(german) == [text.translate(str.maketrans(",.", ".,")) for text in figures(english)]
    assert english.all("time")[0].text.startswith(f"{version.created:%-d %B} ")
    assert german.all("time")[0].text.startswith(f"{version.created:%-d}. ")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Done.", "Fertig."),
        ("Writing <b>it</b> …", "Writing <b>it</b> …"),
        ("Reading the brief …", "Das Briefing lesen …"),
        ("", ""),
        ("1,204 words to read.", "1.204 Wörter zu lesen."),
        ("“Risk assessment” written again", "„Risikobewertung“ neu geschrieben"),
        (
            (
                "The provider knows no model “m”, or KEY is not where it answers. Correct STRATEGIES_MODEL or KEY, start "
                "the worker again, then retry."
            ),
            (
                "Der Anbieter kennt kein Modell „m“, oder er antwortet nicht unter KEY. Berichtigen Sie STRATEGIES_MODEL "
                "oder KEY, starten Sie den Worker neu und wiederholen Sie dann."
            ),
        ),
        ("50% {of} %(it)s", "50% {of} %(it)s"),
    ],
)
def test_a_stored_sentence_is_known_again_or_left_as_it_is(stored: str, shown: str) -> None:
    with translation.override("de"):
        assert texts.told(stored) == shown

    with translation.override("en"):
        assert texts.told(stored) == stored


@pytest.mark.django_db
def test_the_admin_speaks_of_jobs_and_strategies_in_german(admin_client: Client, owner: User) -> None:
    working = Working(store(owner)).end(1, summary="16 of 30 fields of the brief are filled in.")
    admin_client.cookies["django_language"] = "de"

    jobs_page, job_page, strategy_page = (
        admin_client.get(f"/admin/strategies/{path}").content.decode()
        for path in (
            "job/",
            f"job/{working.job.pk}/change/",
            f"strategy/{working.job.strategy_id}/change/",
        )
    )

    assert all(word in jobs_page for word in ("Fortschritt", "Läuft", "Das Briefing lesen", "Warteschlange"))
    assert all(word in job_page for word in ("Angefordert", "Woraus er arbeitet", "16 von 30 Feldern des Briefings"))
    assert all(word in strategy_page for word in ("Branche", "nötigen", "Letzter Auftrag"))
    assert "running" in jobs_page  # what the address of a filter says stays as it is


# --- what is not --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["md", "json"])
def test_a_file_is_the_same_in_every_language(mine: Client, owner: User, format: str) -> None:
    version = samples.store(owner, canonical.request("pumpen"))
    path = f"/api/strategies/{version.strategy_id}/export/{format}"

    english, german = (mine.get(path, headers={"Accept-Language": language}).content for language in ("en", "de"))

    assert german == english


def test_the_description_of_the_api_is_the_same_in_every_language(mine: Client) -> None:
    english, german = (
        mine.get("/api/openapi.json", headers={"Accept-Language": language}) for language in ("en", "de")
    )

    assert english.status_code == 200
    assert german.content == english.content
