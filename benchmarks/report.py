"""The results as tables in docs/performance.md, between two marks; each figure beside what was to be reached."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"

COLUMNS = ("fixed µs", "sat. µs", "p50 ms", "p99 ms", "lost", "lost sat.", "KiB/stream", "threads", "connect µs")

JOBS = (
    ("SQLite enqueue/s", 3_000, "≥"),
    ("SQLite claim(10) ms", 60, "≤"),
    ("PostgreSQL claim(10) ms", 60, "≤"),
    ("pick-up p50 ms", 20, "≤"),
    ("1,000 side by side, × own time", 1.4, "≤"),
    ("taken over after kill -9, s", 20, "≤"),
)


def write(results: dict[str, Any]) -> None:
    """Put the tables of a run into the page."""
    text = PAGE.read_text()
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n{tables(results)}\n{END}{tail}")


def tables(results: dict[str, Any]) -> str:
    """Return the run's tables as Markdown."""
    lines = [f"Run of {results['date']} on {results['machine']}.", ""]
    for name, figures in results.get("streams", {}).items():
        lines += [f"### {name} streams", "", *_table(figures), ""]
    lines += ["### What was to be reached", "", "| figure | target | this run | reached |", "|---|---|---|---|"]
    return "\n".join(lines + [_row(*goal) for goal in goals(results)])


def _table(figures: dict[str, dict[str, float]]) -> list[str]:
    floor = figures.get("floor", {})
    rows = ["| contender | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name, own in figures.items():
        cells = []
        for column in COLUMNS:
            value = own.get(column)
            compared = value and column in ("fixed µs", "sat. µs") and floor.get(column)
            ratio = f" ({value / floor[column]:.2f}×)" if value and compared else ""
            cells.append("" if value is None else f"{value:,g}{ratio}")
        rows.append(f"| {'**ours**' if name == 'ours' else name} | " + " | ".join(cells) + " |")
    return rows


def goals(results: dict[str, Any]) -> list[tuple[str, str, str, bool | None]]:
    """Return each figure that was to be reached: its name, the target, what this run found, whether that is enough."""
    found: list[tuple[str, str, str, bool | None]] = []
    for name, figures in results.get("streams", {}).items():
        shape, size = name.split()
        limit = 1.4 if shape == "broadcast" else 1.3 if int(size) <= 1000 else 1.6
        for column in ("fixed µs", "sat. µs"):
            found.append(_against(f"{name}: {column}, against the floor", figures, "floor", column, limit, "≤"))
            found.append(_against(f"{name}: {column}, against nchan", figures, "nchan", column, 1.0, "≤"))
            for peer in ("sse-starlette", "django-eventstream"):
                found.append(_times_less(f"{name}: {column}, times less than {peer}", figures, peer, column, 2.5))
        for peer in ("sse-starlette", "django-eventstream"):
            found.append(_times_less(f"{name}: memory, times less than {peer}", figures, peer, "KiB/stream", 3))
        own = figures.get("ours", {})
        found.append(_plain(f"{name}: KiB a stream", own.get("KiB/stream"), 12, "≤"))
        found.append(_against(f"{name}: connect, against plain Django", figures, "plain Django", "connect µs", 1, "≤"))
        found.append(_against(f"{name}: p99, against the floor", figures, "floor", "p99 ms", 2, "≤"))
        faults = sum(own.get(kind, 0.0) for kind in ("lost", "lost sat.", "disorder", "closed")) if own else None
        found.append(_plain(f"{name}: events lost or out of order, streams closed", faults, 0, "≤"))
    found += _growth(results.get("streams", {}))
    documents = results.get("documents", {})
    for kind in ("strategy", "calendar"):
        seconds = documents.get(f"largest: {kind} job s")
        found.append(_plain(f"the largest {kind} without a model, the whole job, seconds", seconds, 2, "≤"))
    for name in ("md", "json", "docx", "pdf", "csv", "ics"):
        seconds = documents.get(f"largest: {name} file s")
        found.append(_plain(f"the largest document as {name.upper()}, seconds", seconds, 3, "≤"))
    publish = results.get("publish", {})
    found.append(_plain("publish one event, against an ORM insert and a PUBLISH", publish.get("one: ratio"), 1.3, "≤"))
    found.append(_plain("publish ten at once: times the rate", publish.get("ten: times the rate"), 4, "≥"))
    found.append(_plain("idle, µs per stream and second", results.get("idle", {}).get("ours"), 2, "≤"))
    for name, limit, sign in JOBS:
        found.append(_plain(f"jobs: {name}", results.get("jobs", {}).get(name), limit, sign))
    running = results.get("first_event", {}).get("running", {})
    found.append(_plain("start to the worker's first event, p50 ms", running.get("p50_ms"), 50, "≤"))
    found.append(_plain("start to the worker's first event, p99 ms", running.get("p99_ms"), 200, "≤"))
    return [goal for goal in found if goal[2]]


def _growth(streams: dict[str, Any]) -> list[tuple[str, str, str, bool | None]]:
    """Return how a stream's and a delivery's cost at 10,000 streams stands to that at 1,000: flat is within 20 %."""
    found = []
    for shape in ("broadcast", "topics"):
        small, large = (streams.get(f"{shape} {size}", {}).get("ours", {}) for size in (1_000, 10_000))
        for column in ("fixed µs", "sat. µs", "KiB/stream"):
            times = round(large[column] / small[column], 2) if small.get(column) and column in large else None
            found.append(_plain(f"{shape}: {column} at 10,000 streams, against 1,000", times, 1.2, "≤"))
    return found


def _plain(name: str, value: float | None, limit: float, sign: str) -> tuple[str, str, str, bool | None]:
    enough: Callable[[float], bool] = (lambda v: v <= limit) if sign == "≤" else (lambda v: v >= limit)
    return name, f"{sign} {limit:g}", "" if value is None else f"{value:g}", None if value is None else enough(value)


def _against(
    name: str, figures: dict[str, dict[str, float]], other: str, column: str, limit: float, sign: str
) -> tuple[str, str, str, bool | None]:
    ours, theirs = figures.get("ours", {}).get(column), figures.get(other, {}).get(column)
    return _plain(name, round(ours / theirs, 2) if ours is not None and theirs else None, limit, sign)


def _times_less(
    name: str, figures: dict[str, dict[str, float]], other: str, column: str, limit: float
) -> tuple[str, str, str, bool | None]:
    ours, theirs = figures.get("ours", {}).get(column), figures.get(other, {}).get(column)
    return _plain(name, round(theirs / ours, 1) if ours and theirs is not None else None, limit, "≥")


def _row(name: str, target: str, found: str, enough: bool | None) -> str:
    return f"| {name} | {target} | {found} | {'yes' if enough else '**no**'} |"
