"""What a job's page shows, held against the rows."""

from playwright.sync_api import Page, expect

from sse.models import Event
from strategies import snapshot
from strategies.models import Job


def page_equals_rows(page: Page, job: Job) -> None:
    """Assert that a job's page comes to show what the rows say: every step, and the bar or how it ended."""
    told = [event.data for event in Event.objects.filter(topic__name=job.topic).order_by("seq")]
    rows = snapshot.of(Job.objects.get(pk=job.pk))
    ended = rows["status"] not in (Job.Status.QUEUED, Job.Status.RUNNING)

    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    assert [bool(event.get("final")) for event in told] == [False] * (len(told) - 1) + [ended]
    for step in rows["steps"]:
        line = page.locator(f"[data-part=steps] li[data-step={step['key']}]")
        expect(line).to_have_attribute("data-status", step["status"])
        expect(line.locator(".summary")).to_have_text(step["summary"])
    if ended:
        expect(page.locator("[data-part=outcome] > *").first).to_be_visible()
        expect(page.locator("[data-part=progress]:visible")).to_have_count(0)
    else:
        expect(page.locator("[data-part=progress] progress")).to_have_attribute("value", str(rows["progress"]))
