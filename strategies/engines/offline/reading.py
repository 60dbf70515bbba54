"""The material as the planner reads it: the brief's answers by name, the computed figures by path."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from strategies.arithmetic import assignments
from strategies.arithmetic.figures import number
from strategies.engines import Material

from . import playbook, standstill

WORD = re.compile(r"[^\W\d_]{5,}")
# Words that join sentences in English and German and so say nothing when two answers share them.
JOINTS = frozenset(
    WORD.findall(
        "about above after again against almost along already always among another because become before being below "
        "better between could every everybody everything first found great having instead known makes making month "
        "months never nobody nothing often other others people rather really should since still their there these "
        "thing things those through today together under until using weeks where which while whole without would "
        "years aller alles andere anderen beide bereits dabei damit dann deren diese diesem diesen dieser dieses durch "
        "eigene einen einer eines einem etwas fehlt gegen haben immer jeder jedes keine keinen keiner können lange "
        "müssen nicht nichts niemand schon seine sowie unter viele vielen wegen welche wenig werden wieder wollen "
        "zwischen"
    )
)


@dataclass(frozen=True)
class Reading:
    """What the planner reads out of its material."""

    material: Material

    @property
    def brief(self) -> Mapping[str, Any]:
        """The canonical brief."""
        return self.material.brief

    @property
    def foundation(self) -> Mapping[str, Any]:
        """What was computed."""
        return self.material.foundation

    def part(self, field: str) -> Mapping[str, Any]:
        """Return an object field, empty where it was not given."""
        value: Mapping[str, Any] = self.brief.get(field) or {}
        return value

    def items(self, field: str) -> Sequence[Any]:
        """Return a list field, empty where it was not given."""
        value: Sequence[Any] = self.brief.get(field) or ()
        return value

    def value(self, path: str) -> float | None:
        """Return the value of a figure of the foundation by its path, such as ``growth.per_month``."""
        figure: Any = self.foundation
        for key in path.split("."):
            figure = figure.get(key) if isinstance(figure, Mapping) else None
        value: float | None = figure["value"] if figure else None
        return value

    def derived(self, key: str) -> float | None:
        """Return what a month's visits become at one of the user's rates."""
        value: float | None = self.foundation["derived"].get(key, {"figure": {"value": None}})["figure"]["value"]
        return value

    @cached_property
    def metric(self) -> str:
        """The primary metric in the user's words."""
        name: str = self.brief["target_metrics"]["primary_metric"]
        return name

    @cached_property
    def objectives(self) -> Sequence[str]:
        """The objectives in the user's words."""
        return self.items("business_objectives")

    @cached_property
    def pains(self) -> Sequence[str]:
        """The pains: options, or the audience's own words."""
        return self.items("audience_pain_points")

    @cached_property
    def rivals(self) -> Sequence[Mapping[str, str]]:
        """The firms among the competitors, in the order of the brief; where none is named, one without a name."""
        firms = [rival for rival in self.items("top_competitors") if not standstill.is_meant(rival)]
        return firms or [{"name": f"the best-known other name in {self.material.industry}"}]

    @cached_property
    def standstill(self) -> Mapping[str, str] | None:
        """What the brief says of the alternative to do nothing; None where it does not name that."""
        return next(filter(standstill.is_meant, self.items("top_competitors")), None)

    @property
    def names_firms(self) -> bool:
        """Whether a firm is among the competitors."""
        return self.rivals[0] in self.items("top_competitors")

    @cached_property
    def planned(self) -> int:
        """The pieces of the whole timeline."""
        return int(self.foundation["cadence"]["planned"]["value"])

    @cached_property
    def made(self) -> dict[str, int]:
        """The formats that are planned, with their pieces; those that got none are left out."""
        return {entry["format"]: entry["pieces"] for entry in self.foundation["formats"] if entry["pieces"]}

    @cached_property
    def tones(self) -> Sequence[str]:
        """The tones of the brand's voice."""
        return list(self.part("brand_voice").get("tones") or ())

    @cached_property
    def position(self) -> str:
        """What the competitive position asks of content; empty where it was not given."""
        advice = playbook.POSITIONS.get(self.brief.get("competitive_position", ""), "")
        return advice.format(rival=self.rivals[0]["name"]) if "{rival}" in advice else advice

    @cached_property
    def rule(self) -> str:
        """What the editorial guidelines forbid, in the user's words."""
        text: str = self.part("editorial_guidelines").get("prohibited_content", "")
        return text

    @cached_property
    def needs(self) -> list[Mapping[str, Any]]:
        """What a result costs or would have to be worth, as far as it can be computed."""
        return [need for need in self.foundation["roi"]["needs"] if need["figure"]["value"] is not None]

    @cached_property
    def fit(self) -> Mapping[str, Any]:
        """How the planned formats stand to what is made and what is wanted."""
        value: Mapping[str, Any] = self.foundation["fit"]
        return value

    @cached_property
    def rhythm(self) -> str:
        """The rhythm that the plan keeps: the one that was wished, or what is left of it."""
        cadence = self.foundation["cadence"]
        if cadence["wanted"]["value"] <= 1.1 * self.planned:
            return str(cadence["frequency"])
        return f"{number(cadence['planned_per_month']['value'])} pieces a month"

    @cached_property
    def thin_stage(self) -> str:
        """The stage that the primary metric is decided at, where too few pieces serve it; else empty."""
        return self.goal_stage if self.stage(self.goal_stage)["pieces"] < self.planned / 5 else ""

    @cached_property
    def goal_stage(self) -> str:
        """The stage that the primary metric is decided at."""
        return assignments.goal_stage(self.brief, self.foundation)

    @cached_property
    def buys(self) -> bool:
        """Whether the primary metric counts what a buyer decides, so that a lack of money can put it off."""
        return self.foundation["metric"]["kind"] in ("conversions", "conversion_rate", "revenue")

    def stage(self, name: str) -> Mapping[str, Any]:
        """Return a stage of the funnel."""
        return next(stage for stage in self.foundation["funnel"] if stage["stage"] == name)

    def format_for(self, stage: str, phase: str = "") -> str:
        """
        Return the planned format that suits a stage best; what the audience prefers goes first.

        With a phase it is one that the phase publishes, so that no task asks for a piece that is not in the plan.
        """
        published: Mapping[str, int] = next(
            (entry["formats"] for entry in self.foundation["phases"] if entry["key"] == phase), {}
        )
        made = published or self.made
        order = playbook.ORDER_AT[stage]
        liked = [form for form in order if form in made and form in self.brief["content_preferences"]]
        suited = [form for form in order if form in made and form in self.stage(stage)["formats"]]
        both = [form for form in suited if form in liked]
        return next(iter(both or suited or liked or made), "Other formats")

    @cached_property
    def echoes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """
        The words that come up in several answers, with the fields and texts they come up in.

        Names of the business and of competitors don't count: those are what everything is about. This is counting, not
        understanding: it tells what the user keeps returning to, in any language.
        """
        common = " ".join(
            [self.material.name, self.material.industry, *(rival["name"] for rival in self.items("top_competitors"))]
        )
        skipped = JOINTS | {stem(word) for word in WORD.findall(common.casefold())}
        found: dict[str, dict[str, str]] = {}
        spelled: dict[str, str] = {}
        for field, text in self.texts():
            for written in WORD.findall(text):
                word = written.casefold()
                if word not in skipped and stem(word) not in skipped:
                    spelled.setdefault(stem(word), written)
                    found.setdefault(stem(word), {}).setdefault(field, text)
        shared = [(spelled[word], list(places.items())) for word, places in found.items() if len(places) > 1]
        return sorted(shared, key=lambda echo: -len(echo[1]))

    def texts(self) -> list[tuple[str, str]]:
        """Return the answers in the user's own words, with their fields; options and metrics are not among them."""
        told = [("business_objectives", text) for text in self.objectives]
        told += [("audience_pain_points", text) for text in self.pains if text not in playbook.PAINS]
        told += [("buying_journey", text) for text in self.part("buying_journey").values()]
        for field, members in (
            ("top_competitors", ("strength", "weakness")),
            ("market_gaps", ("gap_description", "opportunity")),
            ("industry_trends", ("trend_name", "description")),
            ("emerging_trends", ("trend_name", "description")),
        ):
            told += [(field, entry[member]) for entry in self.items(field) for member in members if member in entry]
        return told


def stem(word: str) -> str:
    """Take a plural for its singular, as far as a final s tells."""
    return word.removesuffix("s")
