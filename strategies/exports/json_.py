"""A version as JSON, with the schema that it keeps."""

import functools
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from strategies import basis
from strategies.models import Version
from strategies.sections import schemas
from strategies.sections.calendar import ContentCalendar

FORMAT = "strategy-stream/strategy"
SCHEMA_PATH = "/api/schemas/strategy.json"


class Open(BaseModel):
    """What may gain members in a later release; readers pass over those that they do not know."""

    model_config = ConfigDict(extra="allow")


class Part(Open):
    """One part of the score: of 100, with its weight, its reasons and what would raise it."""

    value: int = Field(ge=0, le=100)
    weight: float
    reasons: list[str]
    advice: list[str]


class Score(Open):
    """What the document is worth, computed from the document."""

    total: int = Field(ge=0, le=100)
    parts: dict[str, Part]


class Failed(Open):
    """A section that could not be written, and why."""

    key: str
    title: str
    status: Literal["failed"]
    reason: str
    data: None


class StrategicInsights(Open):
    """Insights, SWOT and positioning."""

    key: Literal["strategic_insights"]
    title: str
    status: Literal["ready"]
    data: schemas.StrategicInsights


class CompetitiveAnalysis(Open):
    """Competitors, and what follows."""

    key: Literal["competitive_analysis"]
    title: str
    status: Literal["ready"]
    data: schemas.CompetitiveAnalysis


class PerformancePredictions(Open):
    """The forecast."""

    key: Literal["performance_predictions"]
    title: str
    status: Literal["ready"]
    data: schemas.PerformancePredictions


class ImplementationRoadmap(Open):
    """Who does what until when."""

    key: Literal["implementation_roadmap"]
    title: str
    status: Literal["ready"]
    data: schemas.ImplementationRoadmap


class RiskAssessment(Open):
    """Risks, and how they are watched."""

    key: Literal["risk_assessment"]
    title: str
    status: Literal["ready"]
    data: schemas.RiskAssessment


Ready = Annotated[
    StrategicInsights | CompetitiveAnalysis | PerformancePredictions | ImplementationRoadmap | RiskAssessment,
    Field(discriminator="key"),
]


class Document(Open):
    """The finished document."""

    title: str
    industry: str
    made_with: str = Field(description="offline, or provider:model")
    engine_note: str
    summary: dict[str, Any]
    brief: dict[str, Any] = Field(description="What is known, what is missing, and what that means.")
    foundation: dict[str, Any] = Field(description="What was computed before a word was written.")
    sections: list[Ready | Failed]
    score: Score
    calendar: ContentCalendar | None = None


class Origin(Open):
    """The strategy that the document is of; all but its status as it was when the version was made."""

    id: str
    name: str
    industry: str
    status: str
    timeline_months: int
    max_content_pieces: int
    brief: dict[str, Any] = Field(description="The canonical brief: see the component Brief of the API's description.")


class About(Open):
    """The version that was exported."""

    number: int = Field(ge=1)
    created: str
    engine: str
    origin: str
    score: int = Field(ge=0, le=100)
    note: str


class StrategyExport(BaseModel):
    """A strategy's document as a file."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_: str = Field(alias="$schema", description="Where this schema is.")
    format: Literal["strategy-stream/strategy"]
    strategy: Origin
    version: About
    document: Document


@functools.cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the file."""
    made = StrategyExport.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def components() -> dict[str, Any]:
    """Return the same schema as OpenAPI keeps it: one component for each model."""
    made = StrategyExport.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = made.pop("$defs")
    return {**parts, "StrategyExport": made}


def tell(version: Version, *, site: str = "") -> dict[str, Any]:
    """Return the file's content; ``site`` is where the schema's address begins, as in "https://example.com"."""
    strategy = version.strategy
    made_from = basis.of(strategy, version).brief
    return {
        "$schema": site + SCHEMA_PATH,
        "format": FORMAT,
        "strategy": {"id": str(strategy.pk), "status": strategy.status, **made_from},
        "version": {
            "number": version.number,
            "created": version.created.isoformat(),
            "engine": version.engine,
            "origin": version.origin,
            "score": version.score,
            "note": version.note,
        },
        "document": version.document,
    }


def render(version: Version, *, site: str = "") -> bytes:
    """Return the file. ASCII alone where a text holds half a character, which UTF-8 can't carry."""
    told = tell(version, site=site)
    try:
        return json.dumps(told, ensure_ascii=False, indent=1).encode()
    except UnicodeEncodeError:
        return json.dumps(told, indent=1).encode()
