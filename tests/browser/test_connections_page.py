"""The admin's page of connections, in Chromium: it renews itself and leaves alone what its reader is doing."""

import pytest
from playwright.sync_api import Page

import sse
from tests import live
from tests.sse.test_admin_connections import PAGE, operator
from tests.sse.test_connections import connected, id_of
from tests.sse.test_stream import tell, topic_of, until

pytestmark = [pytest.mark.live, pytest.mark.browser]


def enter(page: Page, visitor: live.Visitor) -> None:
    page.context.add_cookies([{"name": n, "value": v, "url": visitor.url} for n, v in visitor.cookies.items()])
    page.goto(visitor.url + PAGE)


def test_rows_come_change_and_go_while_focus_selection_and_details_stay(site: live.Site, page: Page) -> None:
    watching = site.visitor()
    reader = connected(site.web, user=watching)
    enter(page, operator(site))
    row = page.locator(f'[data-connection="{id_of(reader)}"]')
    row.locator("summary").click()
    row.get_by_role("checkbox").check()
    row.get_by_role("button").focus()
    page.evaluate(
        "id => getSelection().selectAllChildren(document.querySelector(`[data-connection='${id}'] bdi`))", id_of(reader)
    )

    tell(topic_of(watching.user), 2)
    until(reader, 2)
    later = connected(site.web)
    page.locator(f'[data-connection="{id_of(later)}"]').wait_for()
    row.locator('[data-cell="sent"]', has_text="2").wait_for()

    assert row.locator("details").get_attribute("open") is not None
    assert "2 of 2" in row.locator('[data-cell="positions"]').inner_text()
    assert row.get_by_role("checkbox").is_checked()
    assert page.evaluate("document.activeElement.value") == id_of(reader)
    assert page.evaluate("getSelection().toString()") == watching.user.username
    assert page.locator("tbody tr").last.get_attribute("data-connection") == id_of(later)

    sse.close(id_of(later))
    page.locator(f'[data-connection="{id_of(later)}"]').wait_for(state="detached")


def test_a_row_that_came_while_looking_can_be_hung_up(site: live.Site, page: Page) -> None:
    enter(page, operator(site))
    reader = connected(site.web)
    row = page.locator(f'[data-connection="{id_of(reader)}"]')
    row.wait_for()

    page.get_by_label("Reason told to the reader").fill("maintenance")
    row.get_by_role("button", name="Hang up").click()
    reader.finished()
    page.get_by_text("1 connection told to end").wait_for()

    assert reader.told[-1].data["reason"] == "maintenance"
    row.wait_for(state="detached")


def test_return_in_the_reason_hangs_up_nobody_who_is_not_ticked(site: live.Site, page: Page) -> None:
    reader = connected(site.web)
    enter(page, operator(site))

    page.get_by_label("Reason told to the reader").press("Enter")
    page.get_by_text("Tick the connections to hang up first.").wait_for()

    page.locator(f'[data-connection="{id_of(reader)}"]').wait_for()
    assert reader.is_alive()


def test_the_page_works_without_scripts(site: live.Site, page: Page) -> None:
    reader = connected(site.web)
    visitor = operator(site)
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    context.set_default_timeout(live.PATIENCE_SECONDS * 1000)
    window = context.new_page()

    enter(window, visitor)
    window.locator(f'[data-connection="{id_of(reader)}"]').get_by_role("button", name="Hang up").click()
    reader.finished()
    context.close()

    assert reader.told[-1].data["reason"] == "closed"


@pytest.mark.parametrize("width", [1200, 380])
def test_the_page_fits_its_window(site: live.Site, page: Page, width: int) -> None:
    visitor = site.visitor()
    reader = connected(site.web, user=visitor)
    page.set_viewport_size({"width": width, "height": 900})

    enter(page, operator(site))
    page.locator(f'[data-connection="{id_of(reader)}"] summary').click()

    assert page.evaluate("document.documentElement.scrollWidth") <= width
