"""Lessons: found by exactly their key, cached for a minute, forgotten when staff change them; and the seeded ones."""

import importlib
import re

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from strategies import kinds, lessons
from strategies.models import Lesson
from tests import catalogs

pytestmark = pytest.mark.django_db

migration = importlib.import_module("strategies.migrations.0002_lessons")

STEPS = [
    "context",
    "foundation",
    "strategic_insights",
    "competitive_analysis",
    "performance_predictions",
    "implementation_roadmap",
    "risk_assessment",
    "compile",
]


@pytest.fixture
def lesson() -> Lesson:
    """Return a lesson of a kind that only these tests have."""
    return Lesson.objects.create(kind="cake", step="bake", phase="done", title="Baked", achievement="Cakes: {count}")


def seed() -> None:
    migration.seed(apps, connection.schema_editor())


def unseed() -> None:
    migration.unseed(apps, connection.schema_editor())


def test_a_lesson_is_found_by_its_kind_step_and_phase(lesson: Lesson) -> None:
    found = lessons.find("cake", "bake", "done")

    assert found == lesson


@pytest.mark.parametrize(
    "key", [("cake", "bake", "running"), ("cake", "eat", "done"), ("strategy", "bake", "done"), ("", "", "")]
)
def test_a_missing_lesson_is_nothing_and_never_another_steps(lesson: Lesson, key: tuple[str, str, str]) -> None:
    assert lessons.find(*key) is None
    assert lessons.content(*key, count=3) is None


def test_a_lesson_is_read_from_the_database_once_a_minute(
    lesson: Lesson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lessons.find("cake", "bake", "done")

    with django_assert_num_queries(0):
        again = lessons.find("cake", "bake", "done")

    assert again is not None
    assert again.achievement == "Cakes: {count}"


def test_that_a_lesson_is_missing_is_remembered_too(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    lessons.find("cake", "bake", "done")

    with django_assert_num_queries(0):
        assert lessons.find("cake", "bake", "done") is None


def test_a_lesson_that_staff_change_is_new_at_once(
    lesson: Lesson, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    lessons.find("cake", "bake", "done")

    with django_capture_on_commit_callbacks(execute=True):
        lesson.title = "Golden brown"
        lesson.save()

    assert lessons.content("cake", "bake", "done", count=1) == {"title": "Golden brown", "achievement": "Cakes: 1"}


def test_a_lesson_written_after_it_was_missed_is_found(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    lessons.find("cake", "eat", "running")

    with django_capture_on_commit_callbacks(execute=True):
        written = Lesson.objects.create(kind="cake", step="eat", phase="running", title="Eat slowly")

    assert lessons.find("cake", "eat", "running") == written


def test_a_deleted_lesson_is_gone_at_once(
    lesson: Lesson, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    lessons.find("cake", "bake", "done")

    with django_capture_on_commit_callbacks(execute=True):
        lesson.delete()

    assert lessons.find("cake", "bake", "done") is None


def test_the_cache_keeps_the_old_text_until_the_change_is_committed(
    lesson: Lesson, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    lessons.find("cake", "bake", "done")

    with django_capture_on_commit_callbacks() as waiting:
        lesson.title = "Golden brown"
        lesson.save()

    found = lessons.find("cake", "bake", "done")
    assert found is not None
    assert found.title == "Baked"
    assert len(waiting) == 1


def test_the_achievement_tells_the_count_of_the_real_result(lesson: Lesson) -> None:
    assert lessons.content("cake", "bake", "done", count=0) == {"title": "Baked", "achievement": "Cakes: 0"}


def test_an_achievement_without_its_count_is_left_out(lesson: Lesson) -> None:
    assert lessons.content("cake", "bake", "done") == {"title": "Baked"}


def test_each_step_of_a_strategy_has_a_lesson_for_each_phase() -> None:
    Lesson.objects.all().delete()

    seed()

    assert Lesson.objects.count() == 16
    for step in STEPS:
        running, done = lessons.find("strategy", step, "running"), lessons.find("strategy", step, "done")
        assert running is not None
        assert done is not None
        assert all([running.title, running.description, running.insight, running.estimated_time])
        assert len(running.details) == 4
        assert done.title
        assert lessons.braces(done.achievement) == {"count"}
        assert done.next_step


@pytest.mark.parametrize("kind", ["calendar", "section"])
def test_each_step_of_the_other_kinds_has_a_lesson_for_each_phase(kind: str) -> None:
    for step in kinds.get(kind).steps:
        running, done = lessons.find(kind, step.key, "running"), lessons.find(kind, step.key, "done")
        assert running is not None, step.key
        assert done is not None, step.key
        assert all([running.title, running.description, running.insight, running.estimated_time])
        assert len(running.details) == 4
        assert lessons.braces(done.achievement) == {"count"}
        assert done.next_step


def test_the_seeded_lessons_claim_no_figures() -> None:
    seed()

    for lesson in Lesson.objects.filter(kind__in=["strategy", "calendar", "section"]):
        told = " ".join([lesson.title, lesson.description, *lesson.details, lesson.insight, lesson.estimated_time])
        assert not re.search(r"[0-9%]", told), lesson


def test_seeding_twice_adds_nothing() -> None:
    seed()
    before = list(Lesson.objects.order_by("pk").values())

    seed()

    assert list(Lesson.objects.order_by("pk").values()) == before


def test_seeding_leaves_what_staff_wrote() -> None:
    seed()
    Lesson.objects.filter(kind="strategy", step="compile", phase="done").update(title="Ours")

    seed()

    assert Lesson.objects.get(kind="strategy", step="compile", phase="done").title == "Ours"


def test_going_back_removes_only_the_lessons_nobody_touched(lesson: Lesson) -> None:
    seed()
    Lesson.objects.filter(kind="strategy", step="compile", phase="done").update(title="Ours")

    unseed()

    left = Lesson.objects.filter(kind__in=["cake", "strategy"])
    assert set(left.values_list("title", flat=True)) == {"Baked", "Ours"}


def test_lessons_said_better_leave_what_staff_wrote_and_can_be_taken_back() -> None:
    words = importlib.import_module("strategies.migrations.0011_lesson_words")
    editor = connection.schema_editor()
    ours = Lesson.objects.filter(kind="section", step="write", phase="running")

    def insight() -> str:
        return Lesson.objects.get(kind="calendar", step="dates", phase="running").insight

    now = insight()
    ours.update(details=["Ours"])
    words.unsay(apps, editor)
    before = insight()
    words.say(apps, editor)

    assert "come across" in before
    assert (insight(), "come across" in now) == (now, False)
    assert ours.get().details == ["Ours"]


# --- in the reader's language -------------------------------------------------------------------------------------------


def test_every_lesson_that_comes_with_the_project_has_its_german_and_no_other_has() -> None:
    seeded = {line for row in Lesson.objects.all() for line in lines(row)}

    known = catalogs.read(catalogs.LOCALES / "de" / "LC_MESSAGES" / "lessons.po")

    assert known.keys() - {""} == seeded
    assert [one.text for one in known.values() if one.fuzzy or not all(one.said)] == []
    assert [one.text for one in known.values() if lessons.braces(one.text) != lessons.braces(one.said[0])] == []


def lines(row: Lesson) -> list[str]:
    said = [row.title, row.description, *row.details, row.insight, row.estimated_time, row.achievement, row.next_step]
    return [line for line in said if line]


def test_a_lesson_is_told_in_german_with_its_count_and_what_staff_wrote_stays() -> None:
    Lesson.objects.filter(kind="strategy", step="foundation", phase="done").update(next_step="Ask Ms Brandt.")

    told = lessons.content("strategy", "foundation", "done", count=1234)
    with translation.override("de"):
        known = lessons.words("strategy")
        german = lessons.told(told, known)
    with translation.override("en"):
        english = lessons.told(told, lessons.words("strategy"))

    assert german is not None
    assert german["title"] == "Der Grund ist vermessen"
    assert german["achievement"] == "Angegebene oder berechnete Zahlen: 1234"
    assert german["next_step"] == "Ask Ms Brandt."
    assert english == told
    assert lessons.told(None, known) is None


def test_a_line_that_staff_wrote_like_another_kinds_stays_as_they_wrote_it(lesson: Lesson) -> None:
    Lesson.objects.filter(pk=lesson.pk).update(title="Baked", insight="Mine: 3")

    with translation.override("de"):
        assert lessons.words("cake") == {}
        assert lessons.told({"title": "The text is read"}, lessons.words("cake")) == {"title": "The text is read"}
