"""Reviews by staff, in the admin."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client

from strategies.models import Section, Strategy
from tests.strategies import markup
from tests.strategies.life import papers
from tests.strategies.pages import HOSTILE, page, store

KEY = "risk_assessment"


def staff(*codenames: str) -> Client:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def address(strategy: Strategy) -> str:
    return f"/admin/strategies/strategy/{strategy.pk}/review/"


def section(strategy: Strategy) -> Section:
    return papers.newest(strategy).sections.get(key=KEY)


def form_of(client: Client, strategy: Strategy) -> dict[str, Any]:
    shown = page(client, address(strategy)).one("section", id=KEY)
    return markup.sent(shown.one("form"))


@pytest.mark.parametrize("codenames", [[], ["view_strategy"], ["review_section"], ["view_strategy", "view_job"]])
def test_staff_without_the_permission_may_not_review(strategy: Strategy, codenames: list[str]) -> None:
    client = staff(*codenames)

    assert client.get(address(strategy)).status_code == 403
    sent = {"key": KEY, "reviewed": "yes", "version": "1"}
    assert client.post(address(strategy), sent).status_code == 403
    assert section(strategy).reviewed is None


def test_who_is_not_staff_sees_nothing_of_it(mine: Client, strategy: Strategy) -> None:
    assert mine.get(address(strategy)).status_code == 302
    assert mine.post(address(strategy), {"key": KEY, "reviewed": "yes", "version": "1"}).status_code == 302
    assert section(strategy).reviewed is None


def test_staff_with_the_permission_read_and_review_and_it_is_logged(mine: Client, strategy: Strategy) -> None:
    client = staff("view_strategy", "review_section")
    link = page(client, f"/admin/strategies/strategy/{strategy.pk}/change/").one("a", href=address(strategy))

    response = client.post(link["href"], form_of(client, strategy) | {"reviewed": "yes", "note": "Seen by us."})

    assert response.status_code == 302
    assert section(strategy).reviewer == User.objects.get(username="staff")
    assert LogEntry.objects.get().get_change_message() == "“Risk assessment” was reviewed."
    shown = page(mine, strategy.get_absolute_url()).one("section", id=KEY).one("div", class_="review")
    assert "Reviewed by staff" in shown.text
    assert "Seen by us." in shown.text


def test_a_review_that_cannot_be_kept_comes_back_with_its_note(strategy: Strategy) -> None:
    client = staff("view_strategy", "review_section")
    sent = form_of(client, strategy)

    answers = [
        client.post(address(strategy), sent | {"reviewed": "yes", "note": "x" * 2_001}),
        client.post(address(strategy), sent | {"reviewed": "yes", "note": "Kept", "version": "7"}),
    ]

    assert [answer.status_code for answer in answers] == [422, 409]
    for answer, note in zip(answers, ("x" * 2_001, "Kept"), strict=True):
        form = markup.read(answer.content.decode()).one("section", id=KEY)
        assert form.one("textarea").raw.strip() == note
        assert form.one("p", class_="errornote").text
    assert section(strategy).reviewed is None
    assert not LogEntry.objects.exists()


def test_what_is_not_there_is_not_found(owner: User, strategy: Strategy) -> None:
    client = staff("view_strategy", "review_section")
    sent = {"key": "moods", "reviewed": "yes", "version": "1"}

    assert client.post(address(strategy), sent).status_code == 404
    assert "no document yet" in page(client, address(store(owner))).text
    Strategy.objects.filter(pk=strategy.pk).delete()
    assert client.get(address(strategy)).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_a_documents_text_is_inert_in_the_admin(strategy: Strategy, text: str) -> None:
    data = papers.data_of(strategy, KEY)
    data["risks"][0]["mitigation"] = text
    papers.change(strategy, KEY, data)

    shown = page(staff("view_strategy", "review_section"), address(strategy)).one("section", id=KEY)

    assert text in shown.raw
    assert not shown.all("script")
    assert not shown.all("img")
