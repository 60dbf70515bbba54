"""The admin in German: nothing that staff read there is left in English, but names and what is stored."""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real

from sse import events, tokens
from sse.models import Connection, Token, Topic
from strategies import jobs, kinds
from strategies.models import Job, Lesson
from tests.strategies import markup
from tests.strategies.pages import Working, document_of, store

# What is shown as it is stored, or is not for people: documents, briefs, JSON, secrets, what was typed.
UNREAD: Final = {"script", "style", "pre", "code", "textarea"}
STORED: Final = {"document", "brief"}
SAID: Final = {"title", "placeholder", "aria-label", "alt", "label"}
# Names, ids, times and units: each stands for itself in every language. Permissions are stored, by Django, in English.
NAMES: Final = re.compile(
    r"(\w+ )?[0-9a-f]{8}-[0-9a-f]{4}\S+|\b[0-9a-f]{8}\b|\b[a-z]+:[\w.-]+|\d+/\d+ \w+|Code \w+|\d\S+ \S+ UTC"
    r"|\b\d[\d.,]* (d|h|min|s)\b|Strategy Stream|Zoë\d?|Öfen am Süd|Bäcker|Zettel|\| Can .*|Authorization: Bearer …"
    r"|GET /?\w+|\b[A-Z]+_[A-Z_]+\b"
)
WORD: Final = re.compile(r"[A-Za-zÀ-ž]{2,}")
# Words of programs; and what Django says of its pictures, in English always.
MACHINES: Final = {*events.TYPES, *Token.Scope.values, "watch, read", "offline"}
PICTURES: Final = {"search", "true", "false"}
# Stored in English, and known again.
SUMMARY: Final = "16 of 30 fields of the brief are filled in."
TIMEOUT: Final = "The model did not answer within 5 seconds. Retry, or raise STRATEGIES_MODEL_TIMEOUT_SECONDS."

Ask = Callable[[Client, dict[str, Any]], Any]


def speaking(language: str) -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(User.objects.get(username="Zoë"))
    return client


# --- what is English ----------------------------------------------------------------------------------------------------


def said(page: str) -> Iterator[str]:
    """Yield what a page says to people: its texts, and the attributes that are shown or read out."""
    yield from (text for text in _said(markup.read(page)) if WORD.search(text))


def _said(element: markup.Element) -> Iterator[str]:
    for name, value in element.attributes.items():
        pressed = name == "value" and element.tag == "input" and element.get("type") in ("submit", "button")
        if name in SAID or pressed or (name.startswith("data-") and " " in value):
            yield _plain(value)
    for child in element.children:
        if isinstance(child, str):
            yield _plain(child)
        elif child.tag not in UNREAD and not STORED & set((child.get("class") or "").split()):
            yield from _said(child)


def _plain(text: str) -> str:
    return re.sub(r" \(\d+\)$|: \d+$", "", " ".join(NAMES.sub(" ", text).split())).strip(" :.,;›|")


@functools.cache
def known() -> dict[str, str]:
    """Return every text that there is in German, this project's and Django's, with what it is there."""
    catalogue: Any = trans_real.translation("de")._catalog  # type: ignore[attr-defined]
    texts = [text for part in catalogue._catalogs for text in part if text]
    return {text if isinstance(text, str) else text[0]: catalogue[text] for text in texts}


@functools.cache
def english_words() -> set[str]:
    """Return the words that stand in texts to translate and in no translation: nobody means them on a German page."""
    return _words(known()) - _words(re.sub(r"%\(\w+\)|\{\w+\}", "", german) for german in known().values())


@functools.cache
def same_in_both() -> set[str]:
    return {text.strip(" :.,").lower() for text, german in known().items() if text.lower() == german.lower()}


def _words(texts: Iterable[str]) -> set[str]:
    return {word.lower() for text in texts for word in WORD.findall(text)}


def leftovers(english: str, german: str) -> list[str]:
    """Return what a German page says in English: what is no other on the English page, or has English words."""
    originals, allowed = set(said(english)), same_in_both() | PICTURES
    left = (text for text in said(german) if text not in MACHINES and text.lower() not in allowed)
    return sorted({text for text in left if text in originals or _words([text]) & english_words()})


# --- what there is ------------------------------------------------------------------------------------------------------


@pytest.fixture
def rows(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Something in every list, in every state; named by words that are no English ones."""
    monkeypatch.delitem(kinds._kinds, "toy")
    Lesson.objects.update(title="Zettel")
    Group.objects.create(name="Zettel")
    staff = User.objects.create_user("Zoë", is_staff=True, is_superuser=True)
    owner = User.objects.create_user("Zoë1")
    made = [store(owner, name="Öfen am Süd", industry="Bäcker") for _ in range(6)]
    document_of(made[0])
    jobs.cancel(jobs.enqueue(owner=owner, kind="strategy", strategy=made[0])[0])
    partial = Working(made[1]).end(1, 2, summary=SUMMARY).fail(3, TIMEOUT).finish(partial=True)
    failed = Working(made[2]).end(1, summary=SUMMARY).give_up("foundation", "Nothing was changed.")
    jobs.retry(Working(made[3]).end(1, summary=SUMMARY).give_up("foundation", "Nothing was changed."))
    running = Working(made[4]).end(1, summary=SUMMARY)
    running.begin(2)
    Job.objects.filter(pk=running.job.pk).update(lease_until=staff.date_joined)
    queued, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=made[5])
    tokens.issue(user=owner, name="Zettel", scopes=["watch", "read"])
    tokens.revoke(tokens.issue(user=owner, name="Zettel", scopes=["watch"], days=None)[0])
    Topic.objects.create(name="user:77", seq=4, pruned=4)
    found = {"failed": failed, "running": running.job, "queued": queued, "strategy": partial.strategy, "bare": made[5]}
    return found | {"lesson": Lesson.objects.first(), "token": Token.objects.first(), "owner": owner}


def pages() -> Iterator[str]:
    """Yield the address of every page that the admin has: of each model its list, its form, its rows' pages."""
    yield from ("/admin/", "/admin/strategies/", "/admin/sse/", "/admin/auth/", "/admin/password_change/")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        at = reverse(f"{name}_changelist")
        yield from (at, f"{at}?q=Zettel", f"{at}?_facets=True")
        if model is Connection:  # a page of its own: there are no rows
            yield from (f"{at}?user=Zettel", f"{at}?topic=Zettel")
            continue
        yield reverse(f"{name}_add")
        for row in _one_of_each(model):
            yield from (reverse(f"{name}_{verb}", args=[row.pk]) for verb in ("change", "history", "delete"))


def _one_of_each(model: type[Model]) -> list[Model]:
    """Return rows of a model: one in each status, where it has one."""
    found: list[Any] = list(model._default_manager.all())
    return list({getattr(row, "status", getattr(row, "state", None)): row for row in found}.values())


def test_every_page_is_german(rows: dict[str, Any]) -> None:
    english, german = speaking("en"), speaking("de")
    left, seen = {}, 0

    for address in pages():
        answers = [client.get(address) for client in (english, german)]
        if answers[1].status_code == 200:
            seen += 1
            left[address] = leftovers(*(answer.content.decode() for answer in answers))

    assert seen > 60
    assert {address: texts for address, texts in left.items() if texts} == {}


# --- what is answered ---------------------------------------------------------------------------------------------------


def on_list(model: str, action: str, *names: str) -> Ask:
    """Choose rows of a list and an action."""

    def ask(client: Client, rows: dict[str, Any]) -> Any:
        chosen = [rows[name].pk for name in names]
        return client.post(f"/admin/{model}/", {"action": action, "_selected_action": chosen}, follow=True)

    return ask


def sent(address: str, **data: Any) -> Ask:
    """Send a form; an address may name a row."""

    def ask(client: Client, rows: dict[str, Any]) -> Any:
        return client.post(address.format(**{name: row.pk for name, row in rows.items()}), data, follow=True)

    return ask


def pressed(model: str, action: str, name: str) -> Ask:
    """Press the button of an action on a row's page."""

    def ask(client: Client, rows: dict[str, Any]) -> Any:
        key = rows[name].pk
        return client.post(
            f"/admin/{model}/{key}/change/", {"CHANGE_FORM-action": action, "_selected_action": key}, follow=True
        )

    return ask


JOB, STRATEGY, LESSON, TOKEN = "strategies/job", "strategies/strategy", "strategies/lesson", "sse/token"
A_LESSON = f"/admin/{LESSON}/{{lesson}}/change/"
REVIEW, HANG_UP = f"/admin/{STRATEGY}/{{strategy}}/review/", "/admin/sse/connection/hang-up/"
ABOUT = {"version": "1", "key": "risk_assessment", "note": ""}
DIALOGUES: Final[dict[str, Ask]] = {
    "jobs cancelled": on_list(JOB, "cancel", "running", "failed"),
    "jobs retried": on_list(JOB, "retry", "failed", "running", "queued"),
    "nothing chosen": on_list(JOB, "cancel"),
    "no action": on_list(JOB, "", "failed"),
    "a job cancelled": pressed(JOB, "cancel", "queued"),
    "strategies deleted": on_list(STRATEGY, "delete_selected", "strategy", "bare"),
    "a strategy deleted": sent(f"/admin/{STRATEGY}/{{bare}}/delete/", post="yes"),
    "lessons deleted": on_list(LESSON, "delete_selected", "lesson"),
    "no lesson": sent(f"/admin/{LESSON}/add/"),
    "a lesson twice": sent(f"/admin/{LESSON}/add/", kind="strategy", step="context", phase="done", title="Zettel"),
    "a lesson that counts": sent(A_LESSON, title="Zettel", achievement="{Zettel}"),
    "too many lines": sent(A_LESSON, title="Zettel", details="a\n" * 5),
    "a long line": sent(A_LESSON, title="Zettel", details="a" * 200),
    "a lesson changed": sent(A_LESSON, title="Zettel", description="Zettel"),
    "no token": sent(f"/admin/{TOKEN}/add/"),
    "a token for a day and for ever": sent(f"/admin/{TOKEN}/add/", name="Zettel", days="1", never="on"),
    "tokens revoked": on_list(TOKEN, "revoke", "token"),
    "tokens deleted": on_list(TOKEN, "delete_selected", "token"),
    "nobody hung up": sent(HANG_UP),
    "hung up for no reason": sent(HANG_UP, one="a", reason="a\nb"),
    "hung up": sent(HANG_UP, one="a"),
    "reviewed": sent(REVIEW, **ABOUT, reviewed="yes"),
    "not reviewed": sent(REVIEW, **ABOUT),
    "a note too long": sent(REVIEW, **ABOUT | {"note": "x" * 2_001}),
    "another version": sent(REVIEW, **ABOUT | {"version": "7"}),
    "an owner deleted": sent("/admin/auth/user/{owner}/delete/"),
}


@pytest.mark.parametrize("dialogue", DIALOGUES)
def test_what_is_answered_is_german(rows: dict[str, Any], dialogue: str) -> None:
    def answer(language: str) -> str:
        with transaction.atomic():
            page: str = DIALOGUES[dialogue](speaking(language), rows).content.decode()
            transaction.set_rollback(True)
        return page

    assert leftovers(answer("en"), answer("de")) == []


def test_the_log_is_german_of_what_was_done_in_english(rows: dict[str, Any]) -> None:
    english, german = speaking("en"), speaking("de")
    expected = {"queued": "Abgebrochen.", "strategy": "„Risikobewertung“ wurde geprüft.", "lesson": "Beschreibung"}

    for dialogue in ("a job cancelled", "reviewed", "a lesson changed"):
        DIALOGUES[dialogue](english, rows)

    for model, (name, told) in zip((JOB, STRATEGY, LESSON), expected.items(), strict=True):
        page = german.get(f"/admin/{model}/{rows[name].pk}/history/").content.decode()
        assert told in page
        assert leftovers("", page) == []
