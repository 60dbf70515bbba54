"""Pieces of the calendar by hand: what may stand in them, what speaks against them, and that nobody is overwritten."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import Http404
from django.test import Client
from django.utils import timezone

from strategies import basis, versions
from strategies.arithmetic import overload
from strategies.brief import Invalid
from strategies.errors import Refused
from strategies.exports import calendar_csv, calendar_ics
from strategies.life import comparison, pieces
from strategies.models import Job, Strategy, Version
from strategies.sections import calendar as form
from tests.strategies import markup
from tests.strategies.exports import samples
from tests.strategies.life import papers
from tests.strategies.pages import HOSTILE, page

FIRST, NEW = "piece_001", "own_001"
WHOLE = {
    "title": "What a loaf costs us",
    "description": "Flour, hours, heat.",
    "date": "2027-03-03",
    "format": "Blog Posts",
    "channel": "Newsletter",
    "funnel_stage": "decision",
    "theme": "Refilling",
    "priority": "Low",
}


@pytest.fixture
def strategy(owner: User) -> Strategy:
    """A strategy whose second version has a calendar of three pieces."""
    made = papers.saved(owner)
    document = papers.newest(made).document | {"calendar": form.check(samples.calendar(3))}
    versions.save(made, document, origin=Version.Origin.CALENDAR, engine="offline", author=owner)
    return made


def calendar_of(strategy: Strategy) -> dict[str, Any]:
    made: dict[str, Any] = papers.newest(strategy).document["calendar"]
    return made


def piece_of(strategy: Strategy, id: str = FIRST) -> dict[str, Any]:
    return pieces.find(calendar_of(strategy), id)


def change(strategy: Strategy, id: str = FIRST, *, number: int = 2, **values: Any) -> Version:
    return pieces.change(strategy, id, author=strategy.owner, number=number, values=values)


def add(strategy: Strategy, *, number: int = 2, **values: Any) -> Version:
    return pieces.add(strategy, author=strategy.owner, number=number, values=WHOLE | values)


def test_a_changed_piece_is_the_next_version_and_no_other_piece_changes(strategy: Strategy, owner: User) -> None:
    before = calendar_of(strategy)

    version = change(strategy, title="Rye at six", priority="Low", description="")

    assert (version.number, version.origin, version.author) == (3, "edited", owner)
    assert version.note == "“Rye at six” changed in the calendar"
    assert piece_of(strategy) == before["pieces"][0] | {"title": "Rye at six", "priority": "Low", "description": ""}
    assert calendar_of(strategy)["pieces"][1:] == before["pieces"][1:]
    assert calendar_of(strategy)["by_hand"] == [FIRST]


def test_the_sections_and_their_reviews_stay_as_they_are(strategy: Strategy) -> None:
    papers.review_all(strategy)

    version = change(strategy, title="Rye at six")

    assert all(row.reviewed for row in version.sections.all())


def test_what_says_the_same_makes_no_version(strategy: Strategy) -> None:
    said = piece_of(strategy)

    assert change(strategy, title=f" {said['title']} ", date=said["date"]).number == 2
    assert change(strategy).number == 2


def test_a_piece_that_gets_another_day_takes_its_place_and_its_slot_follows(strategy: Strategy) -> None:
    change(strategy, date="2026-12-31")

    assert [piece["id"] for piece in calendar_of(strategy)["pieces"]] == ["piece_002", "piece_003", FIRST]
    assert piece_of(strategy)["slot"] == slot_of(strategy, "2026-12-31")


def slot_of(strategy: Strategy, day: str) -> str:
    names = ("Monday Morning", "Tuesday Midday", "Wednesday Afternoon", "Thursday Evening", "Friday Morning", "Weekend")
    slots = basis.of(strategy, papers.newest(strategy)).brief["brief"].get("optimal_timing", {}).get("slots", [])
    slot = names[min(5, date.fromisoformat(day).weekday())]
    return slot if slot in slots else ""


def test_a_piece_of_a_seasons_theme_belongs_to_the_season(strategy: Strategy) -> None:
    made = calendar_of(strategy)
    season = {"name": "Advent", "description": "Four weeks.", "priority": "High", "stages": [], "season": "Advent"}
    document = papers.newest(strategy).document | {
        "calendar": made | {"themes": [*made["themes"], season | {"fields": []}]}
    }
    versions.save(strategy, document, origin=Version.Origin.CALENDAR, engine="offline")

    change(strategy, theme="Advent", number=3)

    assert (piece_of(strategy)["theme"], piece_of(strategy)["season"]) == ("Advent", "Advent")


def test_an_added_piece_gets_an_id_of_its_own_that_is_never_given_again(strategy: Strategy) -> None:
    add(strategy)
    pieces.remove(strategy, NEW, author=strategy.owner, number=3)
    add(strategy, number=4)

    made = calendar_of(strategy)
    assert [piece["id"] for piece in made["pieces"]] == [FIRST, "piece_002", "piece_003", "own_002"]
    assert (made["by_hand"], made["added"], made["removed"]) == (["own_002"], 2, 1)
    assert piece_of(strategy, "own_002") == WHOLE | {
        "id": "own_002",
        "season": "",
        "slot": slot_of(strategy, "2027-03-03"),
    }


def test_a_piece_is_taken_out_but_never_the_last(strategy: Strategy) -> None:
    for number, id in ((2, FIRST), (3, "piece_002")):
        version = pieces.remove(strategy, id, author=strategy.owner, number=number)

    with pytest.raises(Refused) as refused:
        pieces.remove(strategy, "piece_003", author=strategy.owner, number=4)

    assert "taken out of the calendar" in version.note
    assert [piece["id"] for piece in calendar_of(strategy)["pieces"]] == ["piece_003"]
    assert refused.value.code == "last_piece"


def test_a_piece_that_had_a_working_title_has_its_words_once_a_person_wrote_them(strategy: Strategy) -> None:
    made = calendar_of(strategy) | {"unwritten": [FIRST], "reason": "No answer in time."}
    document = papers.newest(strategy).document | {"calendar": made}
    versions.save(strategy, document, origin=Version.Origin.CALENDAR, engine="offline")

    change(strategy, title="Rye at six", number=3)

    assert (calendar_of(strategy)["unwritten"], calendar_of(strategy)["reason"]) == ([], "")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("title", "", "can't be empty"),
        ("title", " \u200b", "can't be empty"),
        ("title", "x" * 161, "161 characters are too many"),
        ("title", "two\nlines", "line break"),
        ("title", 5, "This is a number"),
        ("title", "a\x00b", "can't be stored"),
        ("description", "x" * 2_001, "2,001 characters are too many"),
        ("date", "2026-11-30", "accepted is a day from 2026-12-01 to 2028-05-31"),
        ("date", "2028-06-01", "accepted is a day from 2026-12-01 to 2028-05-31"),
        ("date", "20270303", "accepted is a day from"),
        ("date", "2027-02-30", "accepted is a day from"),
        ("date", "soon", "accepted is a day from"),
        ("channel", "Pigeon post", "not among the options"),
        ("format", "Opera", "not among the options"),
        ("theme", "Something new", "not among the options"),
        ("priority", "Urgent", "accepted is one of: High; Medium; Low"),
        ("funnel_stage", "later", "accepted is one of: awareness; consideration; decision; retention"),
        ("slot", "Weekend", "not known here"),
    ],
)
def test_what_does_not_fit_is_named_with_what_is_accepted(strategy: Strategy, name: str, value: Any, said: str) -> None:
    for attempt in (change, add):
        with pytest.raises(Invalid) as invalid:
            attempt(strategy, **{name: value})
        assert said.removeprefix("can't be empty") in invalid.value.errors[name][0]

    assert list(invalid.value.errors) == [name]
    assert strategy.versions.count() == 2


def test_a_new_piece_needs_all_but_a_description(strategy: Strategy) -> None:
    with pytest.raises(Invalid) as invalid:
        pieces.add(strategy, author=strategy.owner, number=2, values={})

    assert set(invalid.value.errors) == WHOLE.keys() - {"description"}


def test_a_calendar_does_not_grow_without_end(strategy: Strategy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST", 3)

    with pytest.raises(Refused) as refused:
        add(strategy)

    assert refused.value.code == "too_many"


def test_more_hours_than_there_are_is_said_and_saved_all_the_same(strategy: Strategy) -> None:
    strategy.brief = {**strategy.brief, "team_size": 1}
    strategy.save()
    days = [(date(2026, 12, 2) + timedelta(number)).isoformat() for number in range(4)]
    number = 2
    for day in days:
        number = add(strategy, number=number, format="Whitepapers", date=day).number

    (warning,) = calendar_of(strategy)["warnings"]
    assert "By 2027-01-01 the pieces before it take" in warning
    assert "your team has 60 by then" in warning


def test_the_hours_of_earlier_months_may_be_used_and_those_of_later_ones_not() -> None:
    def dated(*days: str) -> list[dict[str, str]]:
        return [{"format": "Webinars", "date": day} for day in days]

    brief, start = {"team_size": 1}, date(2027, 1, 1)

    def find(*days: str) -> str:
        return overload.find(dated(*days), brief, start, months=3)

    assert find("2027-01-05", "2027-01-06", "2027-02-05", "2027-02-06", "2027-02-07") == ""
    assert find("2027-01-05", "2027-02-04", "2027-02-05", "2027-02-06", "2027-02-07") == ""
    assert "By 2027-02-01" in find("2027-01-05", "2027-01-06", "2027-01-07")
    assert overload.find(dated(*["2027-01-05"] * 99), {}, start, months=3) == ""


def test_more_pieces_than_the_limit_is_said(strategy: Strategy) -> None:
    strategy.max_content_pieces = 3
    strategy.save()

    add(strategy)

    assert any("your limit is 3" in warning for warning in calendar_of(strategy)["warnings"])


def test_who_read_an_older_version_overwrites_nothing(strategy: Strategy) -> None:
    change(strategy, title="Rye at six")

    attempts: list[Callable[[], Version]] = [
        lambda: change(strategy, title="Mine"),
        lambda: add(strategy),
        lambda: pieces.remove(strategy, FIRST, author=strategy.owner, number=2),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "stale"
    assert strategy.versions.count() == 3


def test_what_cannot_be_edited_now_says_what_to_do_first(owner: User, strategy: Strategy) -> None:
    def code(strategy: Strategy, number: int) -> str:
        with pytest.raises(Refused) as refused:
            change(strategy, title="Mine", number=number)
        return refused.value.code

    assert code(papers.saved(owner), 1) == "no_calendar"
    odd = papers.newest(strategy).document | {"calendar": {"pieces": ["?"]}}
    versions.save(strategy, odd, origin=Version.Origin.CALENDAR, engine="offline")
    assert code(strategy, 3) == "other_form"
    job = Job.objects.create(owner=owner, strategy=strategy, kind="calendar", run_after=timezone.now())
    assert code(strategy, 3) == "job_active"
    job.delete()
    strategy.status = Strategy.Status.ARCHIVED
    strategy.save()
    assert code(strategy, 3) == "archived"


def test_a_piece_that_is_not_there_is_404(strategy: Strategy) -> None:
    with pytest.raises(Http404):
        change(strategy, "piece_009", title="Mine")


def test_changed_pieces_are_marked_when_versions_are_compared(strategy: Strategy) -> None:
    before = papers.newest(strategy)
    after = add(strategy, number=change(strategy, date="2026-12-31", title="Rye at six").number)

    (part,) = [part for part in comparison.compare(before, after) if part.summary]

    told = {change.label: (change.before, change.after) for change in part.changes}
    assert told["Piece 3 · Title"] == (samples.calendar(1)["pieces"][0]["title"], "Rye at six")
    assert told["Piece 3 · Date"] == ("2026-12-06", "2026-12-31")
    assert told["Piece 4"][0] is None
    assert "What a loaf costs us" in str(told["Piece 4"][1])
    assert not [label for label in told if label.startswith(("By hand", "Added", "Removed"))]


def test_files_and_the_page_show_what_was_set_by_hand(mine: Client, strategy: Strategy) -> None:
    version = add(strategy)

    text = mine.get(f"/api/strategies/{strategy.pk}/export/md").content.decode()
    shown = page(mine, f"/strategies/{strategy.pk}/").text

    assert "What a loaf costs us" in calendar_csv.render(version.document["calendar"]).decode()
    assert b"What a loaf costs us" in calendar_ics.render(version)
    assert "1 piece set by hand" in text
    assert "1 piece set by hand" in shown


# --- API ---------------------------------------------------------------------------------------------------------------


def test_the_api_changes_adds_and_takes_out(mine: Client, strategy: Strategy) -> None:
    path = f"/api/strategies/{strategy.pk}/calendar/pieces"

    changed = papers.json_of(mine, "patch", f"{path}/{FIRST}", {"version": 2, "title": "Rye at six", "note": "Monday"})
    added = papers.json_of(mine, "post", path, {"version": 3, **WHOLE})
    removed = papers.json_of(mine, "delete", f"{path}/{FIRST}?version=4")

    assert (changed[0], changed[1]["version"], changed[1]["note"]) == (200, 3, "Monday")
    assert changed[1]["piece"]["title"] == "Rye at six"
    assert (added[0], added[1]["version"], added[1]["piece"]["id"], added[1]["warnings"]) == (201, 4, NEW, [])
    assert (removed[0], removed[1]["version"]) == (200, 5)


@pytest.mark.parametrize(
    ("verb", "place", "body", "status", "code"),
    [
        ("patch", f"/{FIRST}", {"version": 1, "title": "x"}, 409, "stale"),
        ("patch", f"/{FIRST}", {"title": "x"}, 422, "invalid"),
        ("patch", f"/{FIRST}", {"version": 2, "slot": "x"}, 422, "invalid"),
        ("patch", f"/{FIRST}", {"version": 2, "title": None}, 422, "invalid"),
        ("patch", f"/{FIRST}", {"version": 2, "date": "2020-01-01"}, 422, "invalid"),
        ("patch", "/nothing", {"version": 2, "title": "x"}, 404, "not_found"),
        ("post", "", {"version": 2}, 422, "invalid"),
        ("delete", f"/{FIRST}", None, 422, "invalid"),
        ("delete", "/nothing?version=2", None, 404, "not_found"),
    ],
)
def test_the_api_names_what_it_does_not_take(
    mine: Client, strategy: Strategy, verb: str, place: str, body: Any, status: int, code: str
) -> None:
    told = papers.json_of(mine, verb, f"/api/strategies/{strategy.pk}/calendar/pieces{place}", body)

    assert (told[0], told[1]["code"]) == (status, code)
    assert strategy.versions.count() == 2


def test_anothers_calendar_is_not_there(client: Client, other: User, strategy: Strategy) -> None:
    client.force_login(other)
    path = f"/api/strategies/{strategy.pk}/calendar/pieces/{FIRST}"

    assert papers.json_of(client, "patch", path, {"version": 2, "title": "x"})[0] == 404
    assert client.get(f"/strategies/{strategy.pk}/calendar/pieces/{FIRST}").status_code == 404
    assert client.post(f"/strategies/{strategy.pk}/calendar/pieces/add", {"version": 2, **WHOLE}).status_code == 404
    assert strategy.versions.count() == 2


# --- pages -------------------------------------------------------------------------------------------------------------


def form_of(client: Client, strategy: Strategy, id: str = FIRST) -> tuple[str, dict[str, list[str]]]:
    form = page(client, f"{strategy.get_absolute_url()}calendar/pieces/{id}").one("main").all("form")[0]
    return form["action"], markup.sent(form)


def test_a_form_that_is_sent_as_it_came_changes_nothing(mine: Client, strategy: Strategy) -> None:
    action, sent = form_of(mine, strategy)

    assert "Nothing was changed." in mine.post(action, sent, follow=True).content.decode()
    assert strategy.versions.count() == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_a_piece_is_edited_and_stands_in_the_calendar_as_it_was_written(
    mine: Client, strategy: Strategy, text: str
) -> None:
    action, sent = form_of(mine, strategy)
    title = text.replace("\n", " ")

    response = mine.post(action, sent | {"title": title, "description": text})

    assert response["Location"] == f"{strategy.get_absolute_url()}#calendar"
    assert (piece_of(strategy)["title"], piece_of(strategy)["description"]) == (title.strip(), text.strip())
    row = page(mine, strategy.get_absolute_url()).one("tr", id=FIRST)
    assert row.one("strong").raw == title.strip()
    assert "set by hand" in row.text
    assert row.one("a")["href"] == action


def test_a_piece_is_added_and_taken_out_on_the_page(mine: Client, strategy: Strategy) -> None:
    action, sent = form_of(mine, strategy, "add")

    added = mine.post(action, sent | WHOLE)
    out = page(mine, f"{strategy.get_absolute_url()}calendar/pieces/{NEW}").one("main").all("form")[1]
    removed = mine.post(out["action"], markup.sent(out) | {"remove": "yes"})

    assert sent.keys() - {"csrfmiddlewaretoken", "version", "note"} == WHOLE.keys()
    assert (added.status_code, removed.status_code) == (302, 302)
    assert [version.note for version in strategy.versions.order_by("number")][2:] == [
        "“What a loaf costs us” added to the calendar",
        "“What a loaf costs us” taken out of the calendar",
    ]


def test_what_does_not_fit_comes_back_with_the_reason_beside_it(mine: Client, strategy: Strategy) -> None:
    action, sent = form_of(mine, strategy)

    response = mine.post(
        action, sent | {"title": "", "date": "2020-01-01", "channel": "Pigeon post", "note": "n" * 301}
    )

    shown = markup.read(response.content.decode())
    assert response.status_code == 422
    assert shown.one("input", name="date")["value"] == "2020-01-01"
    assert shown.one("input", name="title")["aria-invalid"] == "true"
    assert {fault.get("id") for fault in shown.all("p", class_="fault")} >= {
        "piece-title-fault-1",
        "piece-date-fault-1",
        "piece-channel-fault-1",
    }
    assert shown.one("input", name="note")["value"] == "n" * 301
    assert strategy.versions.count() == 2


def test_a_version_saved_meanwhile_is_shown_under_what_was_typed_and_nothing_is_lost(
    mine: Client, strategy: Strategy
) -> None:
    action, sent = form_of(mine, strategy)
    change(strategy, title="Theirs", description="Theirs too.")

    response = mine.post(action, sent | {"title": "Mine"})

    shown = markup.read(response.content.decode())
    assert response.status_code == 409
    assert shown.one("input", name="title")["value"] == "Mine"
    assert shown.one("textarea", name="description").raw.strip() == "Theirs too."
    assert "Version 3 says: Theirs" in shown.text
    again = mine.post(action, markup.sent(shown.one("main").all("form")[0]))
    assert again.status_code == 302
    assert (piece_of(strategy)["title"], piece_of(strategy)["description"]) == ("Mine", "Theirs too.")


def test_a_piece_that_was_taken_out_meanwhile_can_be_added_as_it_was_typed(mine: Client, strategy: Strategy) -> None:
    action, sent = form_of(mine, strategy)
    pieces.remove(strategy, FIRST, author=strategy.owner, number=2)

    response = mine.post(action, sent | {"title": "Dear to me"})
    form = markup.read(response.content.decode()).one("main").one("form")
    mine.post(form["action"], markup.sent(form))

    assert response.status_code == 409
    assert piece_of(strategy, NEW)["title"] == "Dear to me"
    assert piece_of(strategy, NEW)["date"] == "2026-12-06"


def test_an_archived_strategy_and_an_old_version_have_no_links_to_edit(mine: Client, strategy: Strategy) -> None:
    change(strategy, title="Rye at six")
    address = strategy.get_absolute_url()

    def links(query: str = "") -> list[markup.Element]:
        section = page(mine, f"{address}{query}").one("section", id="calendar")
        return [link for link in section.all("a") if "/calendar/pieces/" in link["href"]]

    assert (len(links()), len(links("?version=2"))) == (4, 0)
    Strategy.objects.filter(pk=strategy.pk).update(status="archived")
    assert links() == []
    assert "unarchive it first" in mine.get(f"{address}calendar/pieces/{FIRST}", follow=True).content.decode()


def test_without_a_calendar_there_is_no_form(mine: Client, owner: User) -> None:
    bare = papers.saved(owner)
    path = f"{bare.get_absolute_url()}calendar/pieces/add"

    assert "make one first" in mine.get(path, follow=True).content.decode()
    assert "make one first" in mine.post(path, {"version": 1, **WHOLE}, follow=True).content.decode()


@pytest.mark.parametrize("number", ["", "x", "0", "9", "²"])
def test_a_form_of_no_version_is_not_taken(mine: Client, strategy: Strategy, number: str) -> None:
    path = f"{strategy.get_absolute_url()}calendar/pieces/{FIRST}"

    assert mine.post(path, {"version": number, "title": "x"}).status_code == 404
    assert mine.get(f"{strategy.get_absolute_url()}calendar/pieces/nothing").status_code == 404


@pytest.mark.parametrize(
    "odd", ["soon", {"pieces": [{"title": "Rye at six"}]}, {"start": "2027-01-01", "pieces": "?"}, [1]]
)
def test_a_calendar_of_an_unknown_form_is_shown_plainly_and_not_edited(
    mine: Client, strategy: Strategy, odd: Any
) -> None:
    document = papers.newest(strategy).document | {"calendar": odd}
    versions.save(strategy, document, origin=Version.Origin.CALENDAR, engine="offline")

    section = page(mine, strategy.get_absolute_url()).one("section", id="calendar")

    assert ("Rye at six" in section.text) == ("Rye" in str(odd))
    assert "Add a piece" not in section.text
