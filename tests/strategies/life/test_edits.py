"""Edits by hand: what may be written where, what is checked, and that nothing typed is lost."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import Http404
from django.test import Client

from strategies import grounding, sections
from strategies.brief import Invalid
from strategies.errors import Refused
from strategies.life import amendments, edits, places
from strategies.models import Strategy, Version
from strategies.sections.schemas import INSIGHT_TYPES
from tests.strategies import canonical, markup
from tests.strategies.life import papers
from tests.strategies.pages import HOSTILE, made, page

KEY = "risk_assessment"
MITIGATION = "risks[0].mitigation"


def edit(strategy: Strategy, texts: Mapping[str, Any], key: str = KEY, *, number: int = 1, note: str = "") -> Version:
    return edits.edit(strategy, key, author=strategy.owner, number=number, texts=texts, note=note)


def faults(strategy: Strategy, texts: Mapping[str, Any], key: str = KEY) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as invalid:
        edit(strategy, texts, key)
    assert strategy.versions.count() == 1
    return invalid.value.errors


def test_an_edit_is_the_next_version_with_its_author_and_a_note(strategy: Strategy, owner: User) -> None:
    version = edit(strategy, {MITIGATION: "Ask the baker."}, note="As agreed on Monday")

    assert (version.number, version.origin, version.author) == (2, "edited", owner)
    assert version.note == "As agreed on Monday"
    assert papers.data_of(strategy, KEY)["risks"][0]["mitigation"] == "Ask the baker."
    assert strategy.versions.get(number=1).document != version.document


def test_an_edited_section_loses_its_review_and_no_other_does(strategy: Strategy) -> None:
    papers.review_all(strategy)

    version = edit(strategy, {MITIGATION: "Ask the baker."})

    assert [row.key for row in version.sections.all() if row.reviewed is None] == [KEY]


def test_an_edit_that_changes_nothing_makes_no_version(strategy: Strategy) -> None:
    said = papers.data_of(strategy, KEY)["risks"][0]["mitigation"]

    assert edit(strategy, {MITIGATION: said}).number == 1
    assert edit(strategy, {}).number == 1


@pytest.mark.parametrize("name", [*canonical.REAL, "shortest", "full"])
@pytest.mark.parametrize("key", sections.KEYS)
def test_every_place_of_every_section_can_be_written_and_nothing_else_changes(name: str, key: str) -> None:

    data = next(entry["data"] for entry in made(name)["sections"] if entry["key"] == key)
    for place in places.of(key, data):
        given: Any = {"text": "Of mine.", "lines": ["One of mine.", "Two of mine."], "rating": 1}.get(place.kind, "")
        texts = {place.path: given or next(option for option in place.options if option != place.value)}

        after = amendments.apply(key, data, texts)

        assert sections.check(key, after) == after
        assert places.fixed(key, after) == places.fixed(key, data)
        if place.kind != "rating":  # ratings put the risks in another order
            changed = [
                path for path, value in grounding.text_leaves(after) if ("Of mine" in value or "of mine" in value)
            ]
            assert place.kind == "choice" or changed
    assert amendments.apply(key, data, {}) == data


def test_what_is_computed_is_never_a_place() -> None:
    whole = {entry["key"]: entry["data"] for entry in made("full")["sections"]}

    paths = {key: [place.path for place in places.of(key, whole[key])] for key in sections.KEYS}

    assert not [path for path in paths["performance_predictions"] if path.startswith(("metrics", "roi"))]
    assert not [path for path in paths["implementation_roadmap"] if path.startswith("budget") or "month" in path]
    assert not [path for listed in paths.values() for path in listed if path.endswith(("score", "fields", ".name"))]


@pytest.mark.parametrize(
    ("key", "path", "said"),
    [
        ("performance_predictions", "metrics[0].month_3.value", "computed from your brief"),
        ("performance_predictions", "roi", "computed from your brief"),
        ("implementation_roadmap", "phases[0].start_month", "computed from your brief"),
        ("implementation_roadmap", "budget[0].amount", "computed from your brief"),
        (KEY, "risks[0].score", "computed from your brief"),
        (KEY, "overall_level", "computed from your brief"),
        (KEY, "risks[99].title", "no such place"),
        (KEY, "__class__", "no such place"),
        (KEY, "", "no such place"),
        (KEY, "risks[0].mitigation.x", "no such place"),
    ],
)
def test_what_is_no_place_is_named_with_the_reason(strategy: Strategy, key: str, path: str, said: str) -> None:
    assert said in faults(strategy, {path: "5"}, key)[path][0]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (MITIGATION, "x" * 2_001, "2,001 characters are too many; accepted is text of up to 2,000 characters"),
        (MITIGATION, "", "can't be empty"),
        (MITIGATION, " \n\u200b", "can't be empty"),
        (MITIGATION, "a\x00b", "can't be stored"),
        (MITIGATION, 5, "This is a number"),
        (MITIGATION, ["a"], "This is a list"),
        ("risks[0].probability", 6, "not among the options"),
        ("risks[0].probability", "many", "not among the options"),
        ("risks[0].probability", True, "accepted is one of: 1; 2; 3; 4; 5"),
        ("risks[0].category", "weather", "accepted is one of: technical; market; operational; financial"),
        ("monitoring.indicators", ["x"] * 51, "51 entries are too many"),
        ("monitoring.indicators", ["x" * 2_001], "2,001 characters are too many"),
        ("monitoring.frequency", "", "can't be empty"),
    ],
)
def test_what_does_not_fit_is_named_with_what_is_accepted(strategy: Strategy, path: str, value: Any, said: str) -> None:
    assert said in faults(strategy, {path: value})[path][0]


def test_every_bad_place_is_named_at_once_and_few_of_too_many(strategy: Strategy) -> None:
    assert set(faults(strategy, {MITIGATION: "", "risks[0].title": "", "nowhere": "x"})) == {
        MITIGATION,
        "risks[0].title",
        "nowhere",
    }
    assert len(faults(strategy, {f"nowhere{number}": "x" for number in range(10_000)})) == 20


def test_a_rating_moves_the_risk_and_the_level_that_follows_from_it(strategy: Strategy) -> None:
    last = len(papers.data_of(strategy, KEY)["risks"]) - 1
    title = papers.data_of(strategy, KEY)["risks"][last]["title"]

    edit(strategy, {f"risks[{last}].probability": "5", f"risks[{last}].impact": 5})

    data = papers.data_of(strategy, KEY)
    assert (data["risks"][0]["title"], data["risks"][0]["score"], data["overall_level"]) == (title, 25, "High")
    assert papers.newest(strategy).document["summary"]["worst_risk"] == title


def test_a_row_can_be_taken_out_but_never_the_last(strategy: Strategy) -> None:
    before = papers.data_of(strategy, KEY)["risks"]

    version = edit(strategy, {"risks[0]": None, "risks[2]": None})

    left = papers.data_of(strategy, KEY)["risks"]
    assert [risk["title"] for risk in left] == [before[1]["title"], *(risk["title"] for risk in before[3:])]
    with pytest.raises(Invalid, match="One has to stay"):
        edit(strategy, {f"risks[{number}]": None for number in range(len(left))}, number=version.number)


def test_a_statement_is_added_and_one_that_is_emptied_goes(strategy: Strategy) -> None:
    key = "competitive_analysis"
    before = papers.data_of(strategy, key)["recommendations"]
    end = len(before)

    edit(strategy, {"recommendations[0].text": "", f"recommendations[{end}].text": "Bake at night."}, key)

    after = papers.data_of(strategy, key)["recommendations"]
    assert after == [*before[1:], {"text": "Bake at night.", "fields": []}]


def test_a_competitor_or_a_phase_cannot_be_taken_out(strategy: Strategy) -> None:
    assert "no such place" in faults(strategy, {"competitors[0]": None}, "competitive_analysis")["competitors[0]"][0]
    assert "no such place" in faults(strategy, {"phases[0]": None}, "implementation_roadmap")["phases[0]"][0]


def test_the_authors_words_are_marked_and_a_number_in_them_counts_as_theirs(strategy: Strategy) -> None:
    said = "We lost 37 % of our orders in August."
    version = edit(strategy, {MITIGATION: said})

    assert version.document["own_words"] == {KEY: [said]}
    invented = version.document["score"]["parts"]["confidence"]["counts"]["invented"]
    assert invented == strategy.versions.get(number=1).document["score"]["parts"]["confidence"]["counts"]["invented"]


def test_words_that_are_gone_are_not_marked_any_more(strategy: Strategy) -> None:
    edit(strategy, {MITIGATION: "First."})
    version = edit(strategy, {MITIGATION: "Second."}, number=2)

    assert version.document["own_words"] == {KEY: ["Second."]}


def test_the_document_is_scored_anew_and_its_summary_follows(strategy: Strategy) -> None:
    key = "strategic_insights"
    version = edit(strategy, {"positioning.statement": "We bake at night.", "insights[0].confidence": "Low"}, key)

    assert version.document["summary"]["statement"] == "We bake at night."
    before = strategy.versions.get(number=1).document["score"]["parts"]["confidence"]["counts"]["sure"]
    assert version.document["score"]["parts"]["confidence"]["counts"]["sure"] == before - 1
    assert version.score == version.document["score"]["total"]


def test_a_failed_section_and_one_of_another_release_are_not_edited(owner: User, strategy: Strategy) -> None:
    failed = papers.saved(owner, failed=[KEY])
    papers.change(strategy, KEY, papers.data_of(strategy, KEY) | {"mood": "grey"})

    with pytest.raises(Refused, match="write it again first") as refused:
        edit(failed, {MITIGATION: "x"})
    with pytest.raises(Refused, match="form of another release") as other:
        edit(strategy, {MITIGATION: "x"}, number=2)

    assert (refused.value.code, other.value.code) == ("section_failed", "other_form")
    with pytest.raises(Http404):
        edit(strategy, {MITIGATION: "x"}, "moods", number=2)


def test_who_read_an_older_version_overwrites_nothing(strategy: Strategy) -> None:
    edit(strategy, {MITIGATION: "First."})

    with pytest.raises(Refused, match="about version 1, but the newest is 2") as refused:
        edit(strategy, {MITIGATION: "Second."})

    assert refused.value.code == "stale"
    assert papers.data_of(strategy, KEY)["risks"][0]["mitigation"] == "First."


# --- over the API ------------------------------------------------------------------------------------------------------


def patch(client: Client, strategy: Strategy, body: Any, key: str = KEY) -> tuple[int, Any]:
    answer = client.patch(
        f"/api/strategies/{strategy.pk}/sections/{key}", json.dumps(body), content_type="application/json"
    )
    return answer.status_code, answer.json()


def test_the_api_takes_texts_by_their_places(mine: Client, strategy: Strategy) -> None:
    status, told = patch(mine, strategy, {"version": 1, "texts": {MITIGATION: "Ask.", "risks[1]": None}, "note": "Why"})

    assert (status, told["version"], told["origin"], told["note"]) == (200, 2, "edited", "Why")
    assert papers.data_of(strategy, KEY)["risks"][0]["mitigation"] == "Ask."


def test_the_api_takes_a_section_as_a_whole(mine: Client, strategy: Strategy) -> None:
    data = papers.data_of(strategy, KEY)
    data["risks"][0]["mitigation"] = "  Ask.\r\n"
    data["risks"].append(data["risks"][0] | {"title": "A new one", "probability": 5, "impact": 5, "score": 1})

    status, _ = patch(mine, strategy, {"version": 1, "data": data})

    now = papers.data_of(strategy, KEY)
    assert status == 200
    assert (now["risks"][0]["title"], now["risks"][0]["score"]) == ("A new one", 25)
    assert any(risk["mitigation"] == "Ask." for risk in now["risks"])


def change_at(data: Any, *steps: Any, to: Any) -> Any:
    changed = copy.deepcopy(data)
    target = changed
    for step in steps[:-1]:
        target = target[step]
    target[steps[-1]] = to
    return changed


@pytest.mark.parametrize(
    ("key", "steps", "to", "named"),
    [
        ("performance_predictions", ("roi", "basis"), "computed: by me", "roi"),
        ("implementation_roadmap", ("phases", 0, "pieces"), 999, "phases[0].pieces"),
        ("implementation_roadmap", ("phases",), [], "phases[0].end_month"),
        ("competitive_analysis", ("competitors", 0, "name"), "Nobody", "competitors[0].name"),
        ("strategic_insights", ("insights", 0, "implementation_time"), "Soon", "insights[0].implementation_time"),
        (KEY, ("risks", 0, "probability"), 9, "risks[0].probability"),
        (KEY, ("mood",), "grey", "mood"),
        (KEY, ("risks",), [], "risks"),
        (KEY, ("risks", 0, "title"), "x" * 2_001, "risks[0].title"),
        (KEY, ("risks", 0, "title"), "a\x01b", "risks[0].title"),
        (KEY, ("monitoring", "indicators"), ["x"] * 51, "monitoring.indicators"),
    ],
)
def test_the_api_names_what_is_wrong_in_a_whole_section(
    mine: Client, strategy: Strategy, key: str, steps: tuple[Any, ...], to: Any, named: str
) -> None:
    data = change_at(papers.data_of(strategy, key), *steps, to=to)

    status, told = patch(mine, strategy, {"version": 1, "data": data}, key)

    assert (status, told["code"]) == (422, "invalid")
    assert named in told["errors"]
    assert strategy.versions.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"texts": {}}, 422, "invalid"),
        ({"version": 1}, 422, "invalid"),
        ({"version": 1, "texts": {}, "data": {}}, 422, "invalid"),
        ({"version": 1, "texts": {"a": {"b": 1}}}, 422, "invalid"),
        ({"version": 1, "texts": {}, "note": "x" * 301}, 422, "invalid"),
        ({"version": 1, "texts": {}, "extra": 1}, 422, "invalid"),
        ({"version": 7, "texts": {MITIGATION: "x"}}, 409, "stale"),
        ([], 422, "invalid"),
    ],
)
def test_the_api_refuses_what_it_cannot_take(
    mine: Client, strategy: Strategy, body: Any, status: int, code: str
) -> None:
    answered, told = patch(mine, strategy, body)

    assert (answered, told["code"]) == (status, code)
    assert strategy.versions.count() == 1


@pytest.mark.attack(10)
def test_anothers_section_is_not_there(mine: Client, other: User) -> None:
    theirs = papers.saved(other)

    assert patch(mine, theirs, {"version": 1, "texts": {MITIGATION: "x"}})[0] == 404
    assert mine.get(f"{theirs.get_absolute_url()}sections/{KEY}/edit").status_code == 404
    assert mine.post(f"{theirs.get_absolute_url()}sections/{KEY}/edit", {"version": 1}).status_code == 404
    assert patch(mine, papers.saved(theirs.owner), {"version": 1, "texts": {}}, "moods")[0] == 404


@pytest.mark.attack(15)
def test_a_write_without_the_csrf_token_is_refused(owner: User, strategy: Strategy) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)

    assert patch(strict, strategy, {"version": 1, "texts": {}})[0] == 403
    assert strict.post(f"{strategy.get_absolute_url()}sections/{KEY}/edit", {"version": 1}).status_code == 403


# --- on the page -------------------------------------------------------------------------------------------------------


def form_of(client: Client, strategy: Strategy, key: str = KEY) -> tuple[str, dict[str, list[str]]]:
    form = page(client, f"{strategy.get_absolute_url()}sections/{key}/edit").one("main").one("form")
    return form["action"], markup.sent(form)


@pytest.mark.parametrize("key", sections.KEYS)
def test_a_form_that_is_sent_as_it_came_changes_nothing(mine: Client, owner: User, key: str) -> None:
    strategy = papers.saved(owner, "full")
    action, sent = form_of(mine, strategy, key)

    response = mine.post(action, sent, follow=True)

    assert "Nothing was changed." in response.content.decode()
    assert strategy.versions.count() == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_edited_and_stands_marked_on_the_page(mine: Client, strategy: Strategy, text: str) -> None:
    action, sent = form_of(mine, strategy)

    response = mine.post(action, sent | {MITIGATION: text})

    assert response["Location"] == f"{strategy.get_absolute_url()}#{KEY}"
    assert papers.data_of(strategy, KEY)["risks"][0]["mitigation"] == text.strip()
    marked = page(mine, strategy.get_absolute_url()).one("section", id=KEY).all("span", title="In your words")
    assert [span.raw for span in marked] == [text.strip()]


def test_a_row_is_ticked_to_be_taken_out(mine: Client, strategy: Strategy) -> None:
    count = len(papers.data_of(strategy, KEY)["risks"])
    action, sent = form_of(mine, strategy)

    mine.post(action, sent | {"remove": ["risks[0]", "risks[1]"]})

    assert len(papers.data_of(strategy, KEY)["risks"]) == count - 2


def test_what_does_not_fit_comes_back_with_the_reason_beside_it(mine: Client, strategy: Strategy) -> None:
    action, sent = form_of(mine, strategy)

    response = mine.post(action, sent | {MITIGATION: "x" * 2_001, "risks[1].title": "", "note": "n" * 301})

    shown = markup.read(response.content.decode())
    assert response.status_code == 422
    assert shown.one("textarea", name=MITIGATION).raw.strip() == "x" * 2_001
    assert shown.one("textarea", name=MITIGATION)["aria-invalid"] == "true"
    assert len(shown.all("p", class_="fault")) == 3
    assert shown.one("input", name="note")["value"] == "n" * 301
    assert strategy.versions.count() == 1


def test_a_version_saved_meanwhile_is_shown_under_the_users_texts_and_nothing_is_lost(
    mine: Client, strategy: Strategy
) -> None:
    action, sent = form_of(mine, strategy)
    edit(strategy, {MITIGATION: "Theirs.", "risks[0].contingency": "Theirs too."})

    response = mine.post(action, sent | {MITIGATION: "Mine."})

    shown = markup.read(response.content.decode())
    assert response.status_code == 409
    assert shown.one("textarea", name=MITIGATION).raw.strip() == "Mine."
    assert shown.one("textarea", name="risks[0].contingency").raw.strip() == "Theirs too."
    assert "Version 2 says: Theirs." in shown.text
    assert shown.one("input", name="version")["value"] == "2"
    again = mine.post(action, markup.sent(shown.one("main").one("form")))
    assert again.status_code == 302
    first = papers.data_of(strategy, KEY)["risks"][0]
    assert (first["mitigation"], first["contingency"]) == ("Mine.", "Theirs too.")


def test_a_text_whose_place_is_gone_is_shown_to_be_copied(mine: Client, strategy: Strategy) -> None:
    last = len(papers.data_of(strategy, KEY)["risks"]) - 1
    action, sent = form_of(mine, strategy)
    edit(strategy, {f"risks[{last}]": None})

    response = mine.post(action, sent | {f"risks[{last}].mitigation": "Dear to me."})

    shown = markup.read(response.content.decode())
    assert response.status_code == 409
    assert "Dear to me." in shown.one("div", class_="note warning").text


def test_an_archived_strategy_keeps_what_was_typed_and_says_what_to_do(mine: Client, strategy: Strategy) -> None:
    action, sent = form_of(mine, strategy)
    Strategy.objects.filter(pk=strategy.pk).update(status="archived")

    posted = mine.post(action, sent | {MITIGATION: "Mine."})
    asked = mine.get(action, follow=True)

    shown = markup.read(posted.content.decode())
    assert posted.status_code == 409
    assert "unarchive it first" in shown.one("div", role="alert").text
    assert shown.one("textarea", name=MITIGATION).raw.strip() == "Mine."
    assert "unarchive it first" in asked.content.decode()


def test_a_failed_section_has_no_form(mine: Client, owner: User) -> None:
    strategy = papers.saved(owner, failed=[KEY])
    path = f"{strategy.get_absolute_url()}sections/{KEY}/edit"

    assert "write it again first" in mine.get(path, follow=True).content.decode()
    assert "write it again first" in mine.post(path, {"version": 1}, follow=True).content.decode()


@pytest.mark.parametrize("number", ["", "x", "0", "9", "-1", "²", "9" * 30])
def test_a_form_of_no_version_is_not_taken(mine: Client, strategy: Strategy, number: str) -> None:
    path = f"{strategy.get_absolute_url()}sections/{KEY}/edit"

    assert mine.post(path, {"version": number, MITIGATION: "x"}).status_code == 404


def test_the_page_says_that_figures_are_computed(mine: Client, strategy: Strategy) -> None:
    shown = page(mine, f"{strategy.get_absolute_url()}sections/performance_predictions/edit")

    assert "they are computed from your brief" in shown.text
    assert not [each for each in shown.all("textarea") if each["name"].startswith(("metrics", "roi"))]


def test_a_form_is_open_at_its_beginning_only(mine: Client, strategy: Strategy) -> None:
    groups = page(mine, f"{strategy.get_absolute_url()}sections/{KEY}/edit").one("main").all("details")

    assert len(groups) > 3
    assert [group.get("open") is not None for group in groups] == [True] + [False] * (len(groups) - 1)


def test_a_form_with_a_fault_is_open_there(mine: Client, strategy: Strategy) -> None:
    address = f"{strategy.get_absolute_url()}sections/{KEY}/edit"
    last = len(edits.section_of(strategy.versions.get(), KEY)["risks"]) - 1

    answer = mine.post(address, {"version": "1", f"risks[{last}].mitigation": ""})

    assert answer.status_code == 422
    groups = markup.read(answer.content.decode()).one("main").all("details")
    opened = [group for group in groups if group.get("open") is not None]
    assert len(opened) == 1
    assert f"risks[{last}].mitigation" in [area["name"] for area in opened[0].all("textarea")]


def test_what_an_insight_is_about_is_offered_and_anything_else_is_taken(mine: Client, strategy: Strategy) -> None:
    address = f"{strategy.get_absolute_url()}sections/strategic_insights/edit"
    form = page(mine, address).one("main").one("form")
    field = form.one("input", name="insights[0].type")

    offered = [option["value"] for option in form.one("datalist", id=field["list"]).all("option")]
    response = mine.post(address, markup.sent(form) | {"insights[0].type": "a word of ours"})

    assert field["value"] in offered
    assert response.status_code == 302
    written = edits.section_of(strategy.versions.latest("number"), "strategic_insights")
    assert written["insights"][0]["type"] == "a word of ours"


def test_the_planner_says_of_its_insights_nothing_that_is_not_offered() -> None:
    written = {
        insight["type"]
        for name in canonical.REAL
        for entry in made(name)["sections"]
        if entry["key"] == "strategic_insights"
        for insight in entry["data"]["insights"]
    }

    assert written <= set(INSIGHT_TYPES)
    assert len(written) > 10


def test_a_type_of_several_lines_keeps_them(mine: Client, strategy: Strategy) -> None:
    version = strategy.versions.latest("number")
    entry = next(one for one in version.document["sections"] if one["key"] == "strategic_insights")
    entry["data"]["insights"][0]["type"] = "one\ntwo"
    version.save()

    form = page(mine, f"{strategy.get_absolute_url()}sections/strategic_insights/edit").one("main").one("form")

    assert form.one("textarea", name="insights[0].type").raw.strip() == "one\ntwo"


def test_the_first_place_that_does_not_fit_has_the_focus(mine: Client, strategy: Strategy) -> None:
    address, sent = form_of(mine, strategy)

    response = mine.post(address, sent | {"risks[1].mitigation": "", "risks[0].contingency": ""})

    focused = [one for one in markup.read(response.content.decode()).all() if one.get("autofocus") is not None]
    assert [one["name"] for one in focused] == ["risks[0].contingency"]
