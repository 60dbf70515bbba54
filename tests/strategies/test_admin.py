"""The operations console: what staff see of jobs, what they may do with them, and that nothing shown can act."""

import html
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.admin.sites import AdminSite
from django.contrib.auth.models import Permission, User
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.db.models import JSONField, Value
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import sse
from sse import topics
from sse.models import Topic
from strategies import brief, jobs, kinds
from strategies.admin import jobs as job_admin
from strategies.admin import verbs
from strategies.kinds import Kind, StepSpec
from strategies.models import Job, Lesson, Step, Strategy, Version
from tests.strategies import markup

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\u202egpj.exe"
LIST = "/admin/strategies/job/"
BRIEF = json.loads((Path(__file__).parent.parent / "briefs" / "bakery.json").read_text(encoding="utf-8"))

Console = Callable[..., Client]


async def never(run: object) -> Any:
    raise AssertionError("no worker runs in these tests")


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """Register a kind of job of two steps, which only these tests have."""
    steps = (StepSpec(key="mix", title="Mixing dough", work=never), StepSpec(key="bake", title="Baking", work=never))
    cake = Kind(key="cake", title="Cake", steps=steps, finish=lambda job, results: "/cake")
    monkeypatch.setitem(kinds._kinds, "cake", cake)
    return cake


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("ada", "ada@example.com")


@pytest.fixture
def strategy(owner: User) -> Strategy:
    cleaned = brief.clean_strategy(BRIEF)
    return Strategy.objects.create(owner=owner, name=cleaned.name, industry=cleaned.industry, brief=cleaned.brief)


@pytest.fixture
def job(owner: User, strategy: Strategy) -> Job:
    return make(owner, strategy)


@pytest.fixture
def console() -> Console:
    """Return a maker of clients, each signed in as a member of staff with these permissions; ``all`` is all of them."""

    def sign_in(*codenames: str, strict: bool = False) -> Client:
        user = User.objects.create_user(f"staff{User.objects.count()}", is_staff=True, is_superuser="all" in codenames)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client = Client(enforce_csrf_checks=strict)
        client.force_login(user)
        return client

    return sign_in


def make(owner: User, strategy: Strategy | None = None, **changes: Any) -> Job:
    """Return a queued job, or one as ``changes`` say: states that only a worker makes."""
    job, new = jobs.enqueue(owner=owner, kind="cake", strategy=None)
    assert new
    Job.objects.filter(pk=job.pk).update(strategy=strategy, **changes)
    job.refresh_from_db()
    return job


def page_of(job: Job) -> str:
    return reverse("admin:strategies_job_change", args=[job.pk])


def press(client: Client, job: Job, verb: str) -> Any:
    """Press a button of the job's page."""
    return client.post(page_of(job), {"CHANGE_FORM-action": verb, "_selected_action": str(job.pk)}, follow=True)


def run(client: Client, verb: str, *chosen: Job) -> Any:
    """Run an action of the list."""
    return client.post(LIST, {"action": verb, "_selected_action": [str(job.pk) for job in chosen]}, follow=True)


def told(response: Any) -> list[str]:
    """Return the messages that the page after an action shows, as people read them."""
    shown = re.findall('<li class="(?:success|warning|error)">(.*?)</li>', response.content.decode(), re.DOTALL)
    return [html.unescape(re.sub("<.*?>", "", message)).strip() for message in shown]


def shown(response: Any) -> set[str]:
    """Return the ids of the jobs or strategies that a list shows."""
    return {str(row.pk) for row in response.context["cl"].result_list}


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


# --- the list of jobs --------------------------------------------------------------------------------------------------


def test_the_list_says_of_each_job_what_it_is_and_how_far(console: Console, owner: User, strategy: Strategy) -> None:
    make(owner, strategy, status="running", step=2, progress=35, attempt=3, worker="w1", lease_until=later(15))

    page = console("view_job").get(LIST).content.decode()

    assert '<span class="status status-running" data-part="look"><span data-part="word">Running</span></span>' in page
    assert '<progress max="100" value="35"' in page
    for text in ["2/2 Baking", "Two bakeries, one oven", "Cake", "ada", "w1"]:
        assert text in page


def test_a_list_with_a_job_at_work_renews_itself(console: Console, owner: User, strategy: Strategy) -> None:
    done = make(owner, status="succeeded")
    working = make(owner, strategy, status="running", step=2, progress=35)

    page = markup.read(console("view_job").get(LIST).content.decode())

    renewed = page.one("job-list")
    assert "data-stream-url" not in renewed.attributes
    assert renewed["data-renew-seconds"] == "5"
    assert {cell["data-job"] for cell in renewed.all("span") if "data-job" in cell.attributes} == {
        str(done.pk),
        str(working.pk),
    }
    words = json.loads(renewed.one("script").raw)
    assert words["looks"]["running"] == {"word": "Running", "class": "status status-running"}
    assert words["steps"]["cake"] == ["Mixing dough", "Baking"]


def test_where_nothing_is_at_work_nothing_renews_the_list(console: Console, owner: User) -> None:
    make(owner, status="succeeded")

    assert "strategies/job-list" not in console("view_job").get(LIST).content.decode()


def test_the_page_of_a_job_renews_itself_while_it_is_at_work(console: Console, owner: User, strategy: Strategy) -> None:
    working, done = make(owner, strategy, status="running"), make(owner, status="failed")
    client = console("view_job")

    pages = [client.get(page_of(job)).content.decode() for job in (working, done)]

    assert "strategies/job-list" in pages[0]
    assert "strategies/job-list" not in pages[1]


@pytest.mark.attack(10)
def test_staff_who_may_look_at_jobs_in_the_admin_watch_their_own_only(
    console: Console, job: Job, django_user_model: Any
) -> None:
    console("all")
    staff = django_user_model.objects.latest("pk")

    assert not topics.permitted(staff, [job.topic])
    assert topics.permitted(staff, [make(staff).topic])


def test_the_list_takes_as_many_queries_for_many_jobs_as_for_one(
    console: Console, owner: User, strategy: Strategy, settings: Any
) -> None:
    settings.STRATEGIES_MAX_ACTIVE_JOBS_PER_USER = 0
    make(owner, strategy)
    client = console("all")
    before = queries_of(client, LIST)

    for _ in range(20):
        make(User.objects.create_user(f"u{User.objects.count()}"), strategy)

    assert queries_of(client, LIST) == before


def test_a_job_of_a_kind_that_is_no_more_can_still_be_looked_at(console: Console, owner: User) -> None:
    job = make(owner, kind="pie", step=3)
    client = console("all")

    for address in (LIST, page_of(job)):
        assert "pie" in client.get(address).content.decode()


def test_the_filter_for_stuck_jobs_shows_those_nobody_works_on(console: Console, owner: User) -> None:
    silent = make(owner, status="running", lease_until=later(-5))
    waiting = make(owner, run_after=later(-90))
    make(owner, status="running", lease_until=later(15))
    make(owner)
    make(owner, run_after=later(300))
    make(owner, status="failed", lease_until=later(-5))

    response = console("view_job").get(LIST, {"stuck": "1"})

    assert shown(response) == {str(silent.pk), str(waiting.pk)}
    assert response.content.decode().count('data-part="stuck">stuck</span>') == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"engine": "offline"}, "offline"),
        ({"engine": "model"}, "openai:small"),
        ({"engine": "openai:small"}, "openai:small"),
    ],
)
def test_the_list_is_filtered_by_engine(console: Console, owner: User, query: dict[str, str], found: str) -> None:
    made = {engine: make(owner, engine=engine) for engine in ("offline", "openai:small")}

    assert shown(console("view_job").get(LIST, query)) == {str(made[found].pk)}


def test_the_list_is_filtered_by_kind_and_status(console: Console, owner: User) -> None:
    cake = make(owner, status="failed")
    make(owner, status="failed", kind="pie")
    make(owner)

    assert shown(console("view_job").get(LIST, {"kind": "cake", "status__exact": "failed"})) == {str(cake.pk)}


def test_a_job_is_found_by_the_beginning_of_its_id_its_owner_or_its_strategy(
    console: Console, owner: User, strategy: Strategy
) -> None:
    job = make(owner, strategy)
    make(User.objects.create_user("bob", "bob@example.com"))
    client = console("view_job")

    for term in [str(job.pk), str(job.pk)[:8], f"job:{job.pk}", job.pk.hex[:11].upper(), "ada", "two bak"]:
        assert shown(client.get(LIST, {"q": term})) == {str(job.pk)}, term


def test_a_job_is_found_by_the_request_that_asked_for_it_and_shows_its_id(
    console: Console, owner: User, strategy: Strategy
) -> None:
    job = make(owner, strategy, request="edge-7f.1")
    make(owner, request="edge-7f.2")
    client = console("view_job")

    assert shown(client.get(LIST, {"q": "edge-7f.1"})) == {str(job.pk)}
    assert "edge-7f.1" in client.get(page_of(job)).content.decode()


@pytest.mark.parametrize("term", ["00000000-0000-0000-0000-000000000000", "%", "nobody", "'; --", "job:", "\u202e"])
def test_a_search_for_what_is_not_there_finds_nothing(console: Console, job: Job, term: str) -> None:
    assert shown(console("view_job").get(LIST, {"q": term})) == set()


# --- a job's page ------------------------------------------------------------------------------------------------------


def test_the_page_of_a_job_shows_its_steps_events_and_error(console: Console, owner: User, strategy: Strategy) -> None:
    error = {"code": "model_timeout", "message": "The model did not answer.", "step_key": "bake", "retryable": True}
    job = make(owner, strategy, status="failed", error=error, brief={"name": "Then", "brief": strategy.brief})
    Step.objects.create(job=job, key="mix", number=1, attempt=1, summary="Dough is mixed", output={"flour": "rye"})
    sse.publish(job.topic, "progress", {"message": "Oven is hot", "progress": 10})

    page = console("view_job").get(page_of(job)).content.decode()

    expected = [
        "Mixing dough",
        "Dough is mixed",
        "&quot;flour&quot;: &quot;rye&quot;",
        "Oven is hot",
        "&quot;progress&quot;: 10",
        "The model did not answer. Trying again can help. (Code model_timeout, step “Baking”.)",
        "Three wedding-cake orders a month",
        "&quot;name&quot;: &quot;Then&quot;",
        strategy.get_absolute_url().split("/")[-2],
        job.get_absolute_url(),
    ]
    for text in expected:
        assert text in page, text


def test_the_page_of_a_job_takes_as_many_queries_for_a_long_story_as_for_a_short_one(
    console: Console, job: Job
) -> None:
    Step.objects.create(job=job, key="mix", number=1, attempt=1)
    client = console("all")
    before = queries_of(client, page_of(job))

    Step.objects.create(job=job, key="bake", number=2, attempt=1)
    for number in range(30):
        sse.publish(job.topic, "progress", {"message": f"{number} rolls"})

    assert queries_of(client, page_of(job)) == before


def test_the_page_of_a_job_shows_its_last_200_events(console: Console, job: Job) -> None:
    for number in range(205):
        sse.publish(job.topic, "progress", {"message": f"roll {number}."})

    page = console("view_job").get(page_of(job)).content.decode()

    assert "The last 200 of 206 events" in page
    assert page.count("<summary>roll ") == 200
    assert "<summary>roll 204.</summary>" in page
    assert "<summary>roll 4.</summary>" not in page


def test_jobs_that_retry_each_other_are_linked(console: Console, job: Job) -> None:
    jobs.cancel(job)
    newer = jobs.retry(job)
    client = console("view_job")

    assert page_of(newer) in client.get(page_of(job)).content.decode()
    assert page_of(job) in client.get(page_of(newer)).content.decode()


def test_nobody_adds_changes_or_deletes_a_job_by_hand(console: Console, job: Job) -> None:
    client = console("all")

    answers = [
        client.post(LIST + "add/", {"status": "succeeded"}),
        client.post(page_of(job), {"status": "succeeded", "_save": "Save"}),
        client.post(page_of(job).replace("change", "delete"), {"post": "yes"}),
        run(client, "delete_selected", job),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 200]
    assert Job.objects.get(pk=job.pk).status == "queued"
    page = client.get(page_of(job)).content.decode()
    assert 'name="_save"' not in page
    assert 'name="status"' not in page


def test_a_user_who_has_jobs_is_not_deleted_from_under_them(console: Console, owner: User, job: Job) -> None:
    answer = console("all").post(reverse("admin:auth_user_delete", args=[owner.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert User.objects.filter(pk=owner.pk).exists()


def test_the_filters_can_count_what_they_would_show(console: Console, job: Job) -> None:
    assert "Cake (1)" in console("view_job").get(LIST, {"_facets": "True"}).content.decode()


@pytest.mark.parametrize("address", ["/admin/", LIST, "/admin/strategies/strategy/", "/admin/strategies/lesson/"])
def test_who_is_not_staff_sees_nothing_of_the_console(owner: User, address: str) -> None:
    client = Client()
    client.force_login(owner)

    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", [LIST, "/admin/strategies/strategy/", "/admin/strategies/lesson/"])
def test_staff_without_the_permission_to_look_are_refused(console: Console, address: str) -> None:
    assert console("cancel_job", "retry_job").get(address).status_code == 403


# --- what can be done with jobs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_staff_who_may_only_look_can_do_nothing(console: Console, owner: User, verb: str) -> None:
    job = make(owner, status="queued" if verb == "cancel" else "failed")
    client = console("view_job", "view_strategy")

    seen = client.get(page_of(job)).content.decode() + client.get(LIST).content.decode()
    press(client, job, verb)
    run(client, verb, job)

    assert f'value="{verb}"' not in seen
    assert Job.objects.get().status == job.status


@pytest.mark.parametrize(("permission", "verb"), [("cancel_job", "retry"), ("retry_job", "cancel")])
def test_who_may_do_one_thing_may_not_do_the_other(console: Console, owner: User, permission: str, verb: str) -> None:
    job = make(owner, status="queued" if verb == "cancel" else "failed")
    client = console("view_job", permission)

    run(client, verb, job)
    press(client, job, verb)

    assert Job.objects.get().status == job.status


def test_cancelling_jobs_in_the_list_ends_them_and_tells_their_watchers(console: Console, owner: User) -> None:
    chosen = [make(owner), make(owner, status="running", attempt=1, lease_until=later(15))]
    other = make(owner)

    response = run(console("view_job", "cancel_job"), "cancel", *chosen)

    assert [Job.objects.get(pk=job.pk).status for job in [*chosen, other]] == ["cancelled", "cancelled", "queued"]
    for job in chosen:
        topic = Topic.objects.get(name=job.topic)
        assert topic.closed
        assert topic.events.latest("seq").data["status"] == "cancelled"
    assert told(response)[0].startswith("Cancelled: ")


def test_a_job_that_cannot_be_cancelled_is_named_with_the_reason_and_the_others_are(
    console: Console, owner: User
) -> None:
    ended, queued = make(owner, status="succeeded"), make(owner)

    response = run(console("view_job", "cancel_job"), "cancel", ended, queued)

    assert f"{str(ended.pk)[:8]}: The job has ended: it succeeded." in told(response)
    assert Job.objects.get(pk=queued.pk).status == "cancelled"
    assert Job.objects.get(pk=ended.pk).status == "succeeded"


def test_retrying_a_job_makes_a_new_one_and_links_it(console: Console, owner: User, strategy: Strategy) -> None:
    job = make(owner, strategy, status="partial")

    response = run(console("view_job", "retry_job"), "retry", job)

    newer = Job.objects.get(retry_of=job)
    assert newer.status == "queued"
    assert told(response) == [f"Asked for again, as: {str(newer.pk)[:8]}."]
    assert f'<a href="{page_of(newer)}">{str(newer.pk)[:8]}</a>' in response.content.decode()


def test_a_job_that_cannot_be_retried_is_named_with_the_reason(console: Console, job: Job) -> None:
    response = run(console("view_job", "retry_job"), "retry", job)

    assert any("can't be retried" in text for text in told(response)), told(response)
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("queued", {"cancel"}),
        ("running", {"cancel"}),
        ("succeeded", set()),
        ("partial", {"retry"}),
        ("failed", {"retry"}),
        ("cancelled", {"retry"}),
    ],
)
def test_the_page_of_a_job_offers_what_makes_sense(
    console: Console, owner: User, status: str, offered: set[str]
) -> None:
    job = make(owner, status=status)

    page = console("view_job", "cancel_job", "retry_job").get(page_of(job)).content.decode()

    assert set(re.findall(r'<button[^>]* name="CHANGE_FORM-action" value="(\w+)"', page)) == offered


def test_the_buttons_of_a_page_do_what_they_say(console: Console, job: Job) -> None:
    client = console("view_job", "cancel_job", "retry_job")

    press(client, job, "cancel")
    response = press(client, job, "retry")

    assert Job.objects.get(pk=job.pk).status == "cancelled"
    assert Job.objects.get(retry_of=job).status == "queued"
    assert any(text.startswith("Asked for again, as: ") for text in told(response))


def test_a_button_works_for_the_job_of_its_page_only(console: Console, owner: User) -> None:
    job, other = make(owner), make(owner)
    client = console("view_job", "cancel_job")

    answer = client.post(page_of(job), {"CHANGE_FORM-action": "cancel", "_selected_action": str(other.pk)})

    assert answer.status_code == 400
    assert set(Job.objects.values_list("status", flat=True)) == {"queued"}


def test_an_action_without_its_token_is_refused(console: Console, job: Job) -> None:
    client = console("all", strict=True)

    assert press(client, job, "cancel").status_code == 403
    assert run(client, "cancel", job).status_code == 403
    assert Job.objects.get().status == "queued"


def test_an_address_alone_changes_nothing(console: Console, job: Job) -> None:
    client = console("all")

    client.get(page_of(job), {"CHANGE_FORM-action": "cancel", "_selected_action": str(job.pk)})
    client.get(LIST, {"action": "cancel", "_selected_action": str(job.pk)})

    assert Job.objects.get().status == "queued"


def test_a_permission_may_hold_for_some_jobs_only(owner: User) -> None:
    class Guarded(job_admin.JobAdmin):
        def has_cancel_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
            return obj is None or obj.owner.username != "bob"

    own, other = make(owner), make(User.objects.create_user("bob"))
    request = RequestFactory().post(LIST)
    request.user = User.objects.create_superuser("root")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]

    Guarded(Job, AdminSite()).cancel(request, Job.objects.all())

    assert Job.objects.get(pk=own.pk).status == "cancelled"
    assert Job.objects.get(pk=other.pk).status == "queued"


def test_who_did_what_is_in_the_log(console: Console, job: Job) -> None:
    client = console("view_job", "cancel_job")

    press(client, job, "cancel")

    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.get_change_message(), entry.user.is_staff) == (str(job.pk), "Cancelled.", True)


def test_what_was_refused_is_not_in_the_log(console: Console, owner: User) -> None:
    run(console("view_job", "cancel_job"), "cancel", make(owner, status="failed"))

    assert not LogEntry.objects.exists()


def test_too_many_jobs_at_once_are_left_alone(console: Console, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "BULK", 2)
    chosen = [make(owner) for _ in range(3)]

    response = run(console("view_job", "cancel_job"), "cancel", *chosen)

    assert told(response) == ["At most 2 jobs at once: nothing was done."]
    assert set(Job.objects.values_list("status", flat=True)) == {"queued"}


def test_jobs_refused_for_one_reason_are_told_in_one_message(console: Console, owner: User) -> None:
    first, second = make(owner, status="failed"), make(owner, status="failed")

    response = run(console("view_job", "cancel_job"), "cancel", first, second, make(owner, status="succeeded"))

    about_failed = [text for text in told(response) if text.endswith("The job has ended: it failed.")]
    assert len(told(response)) == 2
    assert len(about_failed) == 1
    assert set(re.findall(r"\b[0-9a-f]{8}\b", about_failed[0])) == {str(first.pk)[:8], str(second.pk)[:8]}


# --- strategies --------------------------------------------------------------------------------------------------------


def test_the_list_of_strategies_shows_versions_and_the_last_job(
    console: Console, owner: User, strategy: Strategy
) -> None:
    make(owner, strategy, status="failed", created=later(-60))
    last = make(owner, strategy, status="partial")
    for number in (1, 2):
        Version.objects.create(strategy=strategy, number=number, document={}, score=50, engine="offline")

    page = console("view_strategy").get("/admin/strategies/strategy/").content.decode()

    assert '<td class="field-versions">2</td>' in page
    assert f'<a href="{page_of(last)}">Partly succeeded</a>' in page


def test_the_list_of_strategies_takes_as_many_queries_for_many_as_for_one(
    console: Console, owner: User, strategy: Strategy
) -> None:
    client = console("all")
    before = queries_of(client, "/admin/strategies/strategy/")

    for number in range(10):
        another = User.objects.create_user(f"u{number}")
        make(another, Strategy.objects.create(owner=another, name=f"s{number}", industry="x"))

    assert queries_of(client, "/admin/strategies/strategy/") == before


def test_the_page_of_a_strategy_shows_its_brief_field_by_field_and_its_versions(
    console: Console, strategy: Strategy, job: Job
) -> None:
    Version.objects.create(strategy=strategy, number=1, document={"a": 1}, score=73, engine="offline", job=job)

    page = console("view_strategy").get(address_of(strategy)).content.decode()

    for text in [
        "Pain points",
        "The good bread is gone when I get off work",
        "8 of the 8 required",
        "73",
        page_of(job),
    ]:
        assert text in page, text


def test_the_page_of_a_strategy_takes_as_many_queries_for_many_versions_as_for_one(
    console: Console, strategy: Strategy, owner: User
) -> None:
    client = console("all")
    numbers = iter(range(1, 20))

    def write() -> None:
        job = make(owner, strategy, status="succeeded")
        Version.objects.create(strategy=strategy, number=next(numbers), document={}, score=1, engine="x", job=job)

    write()
    before = queries_of(client, address_of(strategy))
    for _ in range(5):
        write()

    assert queries_of(client, address_of(strategy)) == before


@pytest.mark.parametrize("odd", [{}, {"brief": None}, {"brief": {"content_budget": 3}}, [1], "text", None])
def test_what_a_job_of_another_release_works_from_is_shown_as_it_is(console: Console, job: Job, odd: Any) -> None:
    Job.objects.filter(pk=job.pk).update(brief=Value(odd, JSONField()))

    assert console("view_job").get(page_of(job)).status_code == 200


@pytest.mark.parametrize("odd", [{"top_competitors": "none"}, {"content_budget": 3}, {"target_metrics": [1]}, []])
def test_a_brief_of_another_release_is_shown_as_it_is(console: Console, strategy: Strategy, odd: Any) -> None:
    Strategy.objects.filter(pk=strategy.pk).update(brief=odd)

    assert console("view_strategy").get(address_of(strategy)).status_code == 200


def test_staff_change_no_strategy(console: Console, strategy: Strategy) -> None:
    client = console("all")

    assert client.post(address_of(strategy), {"name": "Mine", "_save": "Save"}).status_code == 403
    assert client.get("/admin/strategies/strategy/add/").status_code == 403
    assert Strategy.objects.get().name == strategy.name


def test_a_deleted_strategy_takes_its_jobs_and_their_events_along(
    console: Console, strategy: Strategy, job: Job
) -> None:
    client = console("view_strategy", "delete_strategy")

    page = client.get(address_of(strategy).replace("change", "delete")).content.decode()
    client.post(address_of(strategy).replace("change", "delete"), {"post": "yes"})

    assert "Two bakeries, one oven" in page
    assert not Strategy.objects.exists()
    assert not Job.objects.exists()
    assert not Topic.objects.filter(name=job.topic).exists()


def test_strategies_deleted_in_the_list_take_their_events_along(console: Console, strategy: Strategy, job: Job) -> None:
    client = console("view_strategy", "delete_strategy")
    chosen = {"action": "delete_selected", "_selected_action": [str(strategy.pk)], "post": "yes"}

    client.post("/admin/strategies/strategy/", chosen)

    assert not Strategy.objects.exists()
    assert not Topic.objects.filter(name=job.topic).exists()


def test_staff_without_the_permission_delete_no_strategy(console: Console, strategy: Strategy) -> None:
    client = console("view_strategy", "change_strategy")

    assert client.post(address_of(strategy).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert Strategy.objects.exists()


# --- lessons -----------------------------------------------------------------------------------------------------------


def lesson_form(**changes: str) -> dict[str, str]:
    given = {
        "kind": "cake",
        "step": "bake",
        "phase": "running",
        "title": "In the oven",
        "description": "Heat sets the crumb.",
        "details": "Crust\r\n\r\n  Crumb  \r\nSteam",
    }
    return {**given, **changes}


def test_staff_write_a_lesson_with_one_detail_on_each_line(console: Console) -> None:
    console("add_lesson", "view_lesson").post("/admin/strategies/lesson/add/", lesson_form())

    lesson = Lesson.objects.get(kind="cake")
    assert lesson.details == ["Crust", "Crumb", "Steam"]


def test_the_page_of_a_lesson_shows_its_details_as_lines(console: Console) -> None:
    lesson = Lesson.objects.create(kind="cake", step="bake", phase="running", title="x", details=["Crust", "Crumb"])

    page = console("view_lesson", "change_lesson").get(lesson_page(lesson)).content.decode()

    assert "Crust\nCrumb</textarea>" in page


def test_staff_change_the_words_of_a_lesson_but_not_its_place(console: Console) -> None:
    lesson = Lesson.objects.create(kind="cake", step="bake", phase="running", title="x")

    console("view_lesson", "change_lesson").post(lesson_page(lesson), lesson_form(step="mix", title="Golden"))

    lesson.refresh_from_db()
    assert (lesson.title, lesson.step) == ("Golden", "bake")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"kind": "pie"}, "kind", "There is no kind of job 'pie'"),
        ({"step": "eat"}, "step", "The kind cake has no such step; its steps are mix, bake."),
        ({"details": "1\n2\n3\n4\n5"}, "details", "At most 4 lines, please; these are 5."),
        ({"details": "fine\n" + "x" * 161}, "details", "Line 2 has 161 characters; at most 160, please."),
        ({"details": "nul\x00"}, "details", "Null characters are not allowed."),
        ({"description": ""}, "description", "While a step runs, a reader has time for this"),
        (
            {"achievement": "{rolls} rolls"},
            "achievement",
            "Nobody counts {rolls}; what can stand in braces is {count}.",
        ),
        ({"title": ""}, "title", "This field is required."),
    ],
)
def test_a_lesson_that_no_reader_could_use_is_refused_with_the_reason(
    console: Console, changes: dict[str, str], field: str, sentence: str
) -> None:
    response: Any = console("add_lesson", "view_lesson").post("/admin/strategies/lesson/add/", lesson_form(**changes))

    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert errors[field][0].startswith(sentence)
    assert not Lesson.objects.filter(title="In the oven").exists()


def test_a_second_lesson_for_the_same_moment_is_refused(console: Console) -> None:
    Lesson.objects.create(kind="cake", step="bake", phase="running", title="x")

    console("add_lesson", "view_lesson").post("/admin/strategies/lesson/add/", lesson_form())

    assert Lesson.objects.filter(kind="cake").count() == 1


def test_lessons_are_listed_in_the_order_in_which_readers_meet_them(console: Console) -> None:
    Lesson.objects.all().delete()
    for step, phase in [("bake", "done"), ("mix", "done"), ("gone", "done"), ("bake", "running"), ("mix", "running")]:
        Lesson.objects.create(kind="cake", step=step, phase=phase, title=f"{step} {phase}")

    response: Any = console("view_lesson").get("/admin/strategies/lesson/")

    in_order = [lesson.title for lesson in response.context["cl"].result_list]
    assert in_order == ["mix running", "mix done", "bake running", "bake done", "gone done"]
    assert "2 Baking" in response.content.decode()


# --- hostile text ------------------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(owner: User) -> Job:
    """Return a job whose every text, and that of its strategy, comes from somebody who means harm."""
    given = {"business_objectives": [HOSTILE], "top_competitors": [{"name": HOSTILE, "website": "javascript:alert(1)"}]}
    strategy = Strategy.objects.create(owner=owner, name=HOSTILE, industry=HOSTILE, brief=given)
    error = {"code": HOSTILE, "message": HOSTILE, "step_key": HOSTILE, "retryable": False}
    job = make(
        owner,
        strategy,
        status="failed",
        message=HOSTILE,
        error=error,
        brief={"name": HOSTILE, "brief": given},
        params={"instruction": HOSTILE},
        worker=HOSTILE,
        engine=HOSTILE,
        kind="<b>pie</b>",
        step=1,
    )
    Step.objects.create(
        job=job, key="<i>mix</i>", number=1, attempt=1, ok=False, error=error, output=[HOSTILE], engine=HOSTILE
    )
    Version.objects.create(strategy=strategy, number=1, document={}, score=1, engine=HOSTILE, job=job)
    lesson = {"title": HOSTILE, "details": [HOSTILE]}
    sse.publish(job.topic, "progress", {"message": HOSTILE})
    sse.publish(job.topic, "educational", {"educational_content": lesson})
    Lesson.objects.create(kind="cake", step="bake", phase="running", title=HOSTILE, details=[HOSTILE])
    return job


def test_text_from_outside_is_inert_everywhere_in_the_console(console: Console, hostile: Job) -> None:
    client = console("all")
    strategy = hostile.strategy
    assert strategy is not None
    addresses = [
        LIST,
        f"{LIST}?engine={HOSTILE}&q={HOSTILE}",
        page_of(hostile),
        page_of(hostile).replace("change", "history"),
        "/admin/strategies/strategy/",
        address_of(strategy),
        address_of(strategy).replace("change", "delete"),
        "/admin/strategies/lesson/",
        lesson_page(Lesson.objects.get(title=HOSTILE)),
    ]

    for address in addresses:
        page = client.get(address).content.decode()
        assert "<script>alert" not in page, address
        assert "<b>pie" not in page, address
        assert "<i>mix" not in page, address
        assert 'href="javascript:' not in page, address


def test_what_turns_the_direction_of_text_is_written_out(console: Console, hostile: Job) -> None:
    client = console("all")
    assert hostile.strategy is not None

    for address in (LIST, page_of(hostile), "/admin/strategies/strategy/", address_of(hostile.strategy)):
        page = client.get(address).content.decode()
        seen = re.sub(r'aria-label="[^"]*"', "", page)
        assert "\u202e" not in seen, address
        assert "\\u202egpj.exe" in seen, address


def test_the_messages_of_an_action_are_inert(console: Console, hostile: Job) -> None:
    response = run(console("all"), "retry", hostile)

    page = response.content.decode()
    assert "There is no kind of job" in page
    assert "<b>pie" not in page


# --- the whole ---------------------------------------------------------------------------------------------------------


def test_no_page_of_the_console_has_a_script_or_style_of_its_own(
    console: Console, job: Job, strategy: Strategy
) -> None:
    """The policy forbids them: a page that needed one would be broken in every browser."""
    client = console("all")
    addresses = ["/admin/", LIST, page_of(job), "/admin/strategies/strategy/", address_of(strategy)]

    for address in [*addresses, "/admin/strategies/lesson/", "/admin/strategies/lesson/add/"]:
        response = client.get(address)
        page = response.content.decode()
        assert "unsafe" not in response["Content-Security-Policy"]
        assert not re.search(r"<style|<[^>]+ style=|<[^>]+ on\w+=", page), address
        scripts = re.findall("<script[^>]*>", page)
        assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts), address


def test_the_console_bears_the_products_name(console: Console) -> None:
    page = console().get("/admin/").content.decode()

    assert "<title>Operations | Strategy Stream</title>" in page


def later(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def address_of(strategy: Strategy) -> str:
    return reverse("admin:strategies_strategy_change", args=[strategy.pk])


def lesson_page(lesson: Lesson) -> str:
    return reverse("admin:strategies_lesson_change", args=[lesson.pk])
