"""The alert rules and the page about them speak of metrics that there are."""

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sse import metrics

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "deploy/alerts.yml").read_text()
PAGE = (ROOT / "docs/how-to/watch-it.md").read_text()


def exported() -> set[str]:
    """The families of a process at rest, each with the suffixes its samples may have."""
    families = list(text_string_to_metric_families(metrics.text().decode()))
    suffixes = {"counter": ["_total"], "histogram": ["", "_bucket", "_sum", "_count"]}
    return {family.name + suffix for family in families for suffix in suffixes.get(family.type, [""])}


def test_every_metric_in_a_rule_is_exported() -> None:
    named = set(re.findall(r"\b(?:sse|strategies)_[a-z_]+", RULES))

    assert named
    assert named <= exported()


def test_the_page_lists_every_metric_and_no_other() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `s")]
    listed = {name for row in rows for name in re.findall(r"`((?:sse|strategies)_[a-z_]+)`", row.split("|")[1])}

    assert listed == exported() - {f"sse_delivery_seconds_{part}" for part in ("bucket", "sum", "count")}


def test_the_page_says_what_to_do_for_each_alert() -> None:
    alerts = re.findall(r"- alert: (\w+)", RULES)
    rows = "".join(line for line in PAGE.splitlines() if line.startswith("| "))

    assert alerts
    assert [alert for alert in alerts if not re.search(rf"\b{alert}\b", rows)] == []
