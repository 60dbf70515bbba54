"""The form of the brief, as a browser without scripts fills it in."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sse.models import Event
from strategies import brief, jobs
from strategies.models import Job, Strategy
from tests import live
from tests.strategies import canonical, markup
from tests.strategies.pages import HOSTILE, document_of, page, store, typed


def names(shown: markup.Element) -> set[str]:
    """The fields that a form's inputs ask for."""
    return {name.partition(".")[0] for name in markup.sent(shown) if "." in name} | {
        element["name"] for element in shown.all() if element.get("name") and element.get("type") != "hidden"
    }


def test_the_short_form_asks_for_what_is_needed(mine: Client) -> None:
    asked = names(page(mine, "/strategies/new").one("form", novalidate=""))

    assert asked & {field.id for field in brief.FIELDS} == set(brief.REQUIRED)
    assert {"name", "industry"} <= asked


def test_the_long_form_asks_for_everything_in_its_groups(mine: Client) -> None:
    form = page(mine, "/strategies/new?form=long").one("form", novalidate="")
    groups = form.all("details", class_="card group")

    asked = [names(group) & {field.id for field in brief.FIELDS} for group in groups]

    assert asked == [{field.id for field in brief.FIELDS if field.group == group.id} for group in brief.GROUPS]
    assert {"timeline_months", "max_content_pieces"} <= names(form)


def test_every_option_of_the_registry_is_on_the_form(mine: Client) -> None:
    form = page(mine, "/strategies/new?form=long").one("form", novalidate="")
    ticks = {(box["name"], box["value"]) for box in form.all("input", type="checkbox")}
    picks = {(one["name"], option.text) for one in form.all("select") for option in one.all("option")}

    def options(fields: tuple[brief.Field, ...], prefix: str = "") -> set[tuple[str, str]]:
        found = set()
        for each in fields:
            row = "0." if each.type == "objects" else ""
            found |= {(prefix + each.id, option) for option in each.options}
            found |= options(each.fields, f"{prefix}{each.id}.{row}")
        return found

    assert options(brief.FIELDS) <= ticks | picks


def test_every_input_has_a_label_of_its_own(mine: Client) -> None:
    form = page(mine, "/strategies/new?form=long").one("form", novalidate="")
    labelled = {label["for"] for label in form.all("label") if label.get("for")}
    wrapped = {id(box) for label in form.all("label") for box in label.all("input")}
    ids = [element["id"] for element in form.all() if element.get("id")]

    for element in [*form.all("input"), *form.all("textarea"), *form.all("select")]:
        hidden = element.get("type") == "hidden"
        assert hidden or element.get("aria-label") or id(element) in wrapped or element["id"] in labelled
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", [*canonical.REAL, "shortest", "full"])
def test_a_brief_that_is_sent_is_stored_and_its_making_is_queued(mine: Client, owner: User, name: str) -> None:
    response = mine.post("/strategies/new", typed(name))

    strategy, job = Strategy.objects.get(), Job.objects.get()
    expected = brief.clean_strategy(canonical.request(name))
    assert response.status_code == 302
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert (strategy.name, strategy.industry, strategy.owner) == (expected.name, expected.industry, owner)
    assert strategy.timeline_months == expected.timeline_months
    assert brief.to_form(strategy.brief) == brief.to_form(expected.brief)
    assert (job.kind, job.status, job.strategy) == ("strategy", "queued", strategy)
    assert Event.objects.filter(topic__name=job.topic).count() == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_stored_whole_and_shown_as_text(mine: Client, owner: User, text: str) -> None:
    sent = typed() | {"name": text, "industry": text, "business_objectives": text, "top_competitors.0.name": text}
    job = mine.post("/strategies/new", sent)["Location"]

    strategy = Strategy.objects.get()
    document_of(strategy)
    assert strategy.name == strategy.industry == text.strip()
    assert strategy.brief["business_objectives"] == [text.strip()]
    assert strategy.brief["top_competitors"][0]["name"] == text.strip()
    assert page(mine, job).one("h1").raw == text.strip()
    assert page(mine, "/").one("a", class_="name").raw == text.strip()
    shown = page(mine, f"/strategies/{strategy.pk}/")
    assert shown.one("h1").raw == text.strip()
    assert page(mine, f"/strategies/{strategy.pk}/delete").one("main").one("bdi").raw == text.strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed_is_kept_to_the_letter_when_something_else_is_wrong(mine: Client, text: str) -> None:
    sent = typed(name=text, industry="") | {"business_objectives": text, "audience_pain_points.other": text}

    response = mine.post("/strategies/new", sent)

    form = markup.read(response.content.decode()).one("form", novalidate="")
    kept = markup.sent(form)
    assert response.status_code == 422
    assert kept["name"] == [text]
    assert kept["business_objectives"] == [text]
    assert kept["audience_pain_points.other"] == [text]


def test_everything_typed_into_the_long_form_is_kept(mine: Client) -> None:
    sent = typed("full", name="", form="long")

    form = markup.read(mine.post("/strategies/new", sent).content.decode()).one("form", novalidate="")

    kept = {name: values for name, values in markup.sent(form).items() if any(values)}
    wanted = brief.to_form(canonical.request("full")["brief"])
    assert {name: kept.get(name) for name in wanted} == {
        name: [value.replace("\n", "\r\n") for value in values] for name, values in wanted.items()
    }


def test_an_empty_form_is_answered_with_every_fault_beside_its_field(mine: Client) -> None:
    response = mine.post("/strategies/new", {"name": "", "form": "short"})

    shown = markup.read(response.content.decode())
    summary = shown.one("div", id="faults")
    needed = {"name", "industry", *brief.REQUIRED}
    assert response.status_code == 422
    assert len(summary.all("li")) == len(needed)
    for link in summary.all("a"):
        (target,) = shown.all(id=link["href"].removeprefix("#"))
        assert target.tag in ("input", "textarea", "select")
    for id in needed:
        assert "Please" in shown.one("div", id=f"q-{id}-fault").text
    assert shown.one("input", id="q-name")["aria-invalid"] == "true"
    assert "q-name-fault" in shown.one("input", id="q-name")["aria-describedby"]
    assert not Strategy.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("content_budget.amount", "much", "“much”"),
        ("team_size", "0", "from 1 to 100"),
        ("content_mix.videos", "99", "add up to"),
        ("top_competitors.9.strength", "Fast", "Please fill this in."),
        ("top_competitors.0.website", "javascript:alert(1)", "not a web address"),
        ("optimal_timing.timezone", "Mars/Olympus", "not a time zone"),
        ("preferred_formats", "Telepathy", "not among the options"),
        ("name", "x" * 201, "201 characters are too many"),
        ("timeline_months", "37", "from 1 to 36"),
        ("business_objectives", "a\x00b", "U+0000"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_stored(mine: Client, name: str, value: str, said: str) -> None:
    response = mine.post("/strategies/new", typed("full", form="long") | {name: value})

    shown = markup.read(response.content.decode())
    assert response.status_code == 422
    assert said in shown.one("div", id="faults").text
    beside = [fault.text for fault in shown.all("p", class_="fault")]
    assert any(said in sentence for sentence in beside)
    assert not Strategy.objects.exists()


def test_a_fault_in_what_the_short_form_does_not_ask_opens_the_long_one(mine: Client) -> None:
    response = mine.post("/strategies/new", typed(form="short", team_size="many"))

    shown = markup.read(response.content.decode())
    assert "q-team_size-fault" in shown.one("input", id="q-team_size")["aria-describedby"]
    assert "open" in next(group.attributes for group in shown.all("details") if group.all(id="q-team_size"))


def test_a_row_left_empty_is_not_a_fault_and_its_neighbours_keep_their_place(mine: Client) -> None:
    sent = {name: value for name, value in typed().items() if not name.startswith("top_competitors")}
    sent |= {"top_competitors.0.name": "First", "top_competitors.1.name": " ", "top_competitors.2.strength": "Fast"}

    shown = markup.read(mine.post("/strategies/new", sent).content.decode())

    (fault,) = shown.one("div", id="faults").all("li")
    assert fault.text == "Competitors 2: Name: Please fill this in."
    assert shown.one("textarea", id="q-top_competitors-1-strength").raw == "\nFast"


def test_the_same_form_sent_twice_makes_one_strategy(mine: Client) -> None:
    form = page(mine, "/strategies/new").one("form", novalidate="")
    sent = markup.sent(form) | typed()

    first, second = mine.post("/strategies/new", sent), mine.post("/strategies/new", sent)

    assert first["Location"] == second["Location"]
    assert Strategy.objects.count() == Job.objects.count() == 1


@pytest.mark.live
def test_the_same_form_sent_many_times_in_one_moment_makes_one_strategy(site: live.Site) -> None:
    visitor = site.visitor()
    sent = typed(key=uuid.uuid4().hex)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: visitor.http.post("/strategies/new", data=sent), range(8)))

    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Strategy.objects.filter(owner=visitor.user).count() == 1


def test_a_form_has_a_key_of_its_own(mine: Client) -> None:
    keys = {markup.sent(page(mine, "/strategies/new").one("form", novalidate=""))["key"][0] for _ in range(2)}

    assert len(keys) == 2


def test_too_many_jobs_are_refused_with_everything_typed_kept(mine: Client, owner: User, settings: Any) -> None:
    settings.STRATEGIES_MAX_ACTIVE_JOBS_PER_USER = 1
    jobs.enqueue(owner=owner, kind="strategy", strategy=store(owner))

    response = mine.post("/strategies/new", typed(name="One too many"))

    shown = markup.read(response.content.decode())
    assert response.status_code == 429
    assert "1 active job" in shown.one("p", role="alert").text
    assert shown.one("input", id="q-name")["value"] == "One too many"
    assert not Strategy.objects.filter(name="One too many").exists()


@pytest.mark.parametrize("template", list(brief.templates()))
def test_a_template_fills_the_form_with_what_can_be_changed(mine: Client, template: str) -> None:
    form = page(mine, f"/strategies/new?template={template}").one("form", novalidate="")

    sent = markup.sent(form)
    given = brief.clean_partial(brief.from_form(sent))
    assert given == brief.clean_partial(brief.templates()[template]["brief"])


def test_an_unknown_template_is_an_empty_form(mine: Client) -> None:
    form = page(mine, "/strategies/new?template=%3Cscript%3E").one("form", novalidate="")

    assert brief.from_form(markup.sent(form)) == {}


def test_a_template_keeps_what_was_typed_and_replaces_another_templates_defaults(mine: Client) -> None:
    first = page(mine, "/strategies/new?template=growth").one("form", novalidate="")
    sent = markup.sent(first) | {"name": "Mine", "market_share": "7", "competitive_position": "Follower"}
    assert sent["implementation_timeline"] == ["1 year"]

    response = mine.post("/strategies/new", sent | {"template": "brand"})

    kept = markup.sent(markup.read(response.content.decode()).one("form", novalidate=""))
    assert response.status_code == 200
    assert (kept["name"], kept["market_share"], kept["competitive_position"]) == (["Mine"], ["7"], ["Follower"])
    assert kept["implementation_timeline"] == ["2 years"]
    assert not Strategy.objects.exists()


def test_the_form_can_be_made_shorter_and_longer_without_losing_anything(mine: Client) -> None:
    sent = typed("full", form="long")
    short = mine.post("/strategies/new", sent | {"show": "short"})
    carried = markup.sent(markup.read(short.content.decode()).one("form", novalidate=""))

    response = mine.post("/strategies/new", carried)

    assert response.status_code == 302
    expected = brief.clean_strategy(canonical.request("full"))
    assert brief.to_form(Strategy.objects.get().brief) == brief.to_form(expected.brief)
