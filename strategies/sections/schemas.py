"""The sections as they are stored: words of an engine, figures of the arithmetic."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from strategies.arithmetic.figures import Figure, Finite
from strategies.sections.reading import Category, Frequency, Level


class Stored(BaseModel):
    """Common to all that is stored: a member that is not named here is a mistake."""

    model_config = ConfigDict(extra="forbid")


class Statement(Stored):
    """A statement and the ids of the brief's fields that it rests on."""

    text: str
    fields: list[str] = []


# What insights are usually about: offered where a person edits one, and no more than that. Models find other words.
INSIGHT_TYPES = (
    "attention",
    "capacity",
    "channel",
    "competition",
    "content pillar",
    "formats",
    "funnel",
    "goal",
    "market gap",
    "measurement",
    "objectives",
    "return",
    "season",
    "theme",
    "trend",
)


class Insight(Stored):
    """One thing worth knowing or doing."""

    type: str
    insight: str
    reasoning: str
    priority: Level
    estimated_impact: str
    implementation_time: str
    confidence: Level
    fields: list[str] = []


class Swot(Stored):
    """Strengths and weaknesses of the user, opportunities and threats of the market."""

    strengths: list[Statement]
    weaknesses: list[Statement]
    opportunities: list[Statement]
    threats: list[Statement]


class Positioning(Stored):
    """From where to where, and the sentence that says why."""

    current: str
    target: str
    statement: str
    fields: list[str] = []


class StrategicInsights(Stored):
    """Insights, SWOT and positioning."""

    insights: list[Insight]
    swot: Swot
    positioning: Positioning


class Competitor(Stored):
    """One competitor, in the order of the brief."""

    name: str
    website: str = ""
    strengths: list[str]
    weaknesses: list[str]
    content_strategy: str
    position: str
    response: str
    fields: list[str] = []


class CompetitiveAnalysis(Stored):
    """What the others do, what they leave open, and what follows."""

    competitors: list[Competitor]
    market_gaps: list[Statement]
    opportunities: list[Statement]
    recommendations: list[Statement]
    differentiation: Statement


class Metric(Stored):
    """One row of the forecast."""

    name: str
    baseline: Figure
    month_3: Figure
    month_6: Figure
    month_12: Figure


class Need(Stored):
    """What a result costs, or would have to be worth."""

    key: str
    name: str
    figure: Figure


class Return(Figure):
    """The return on the budget, when it is back, and what it hangs on."""

    payback_months: Finite | None
    payback_basis: str
    needs: list[Need]


class PerformancePredictions(Stored):
    """The forecast, and what it means."""

    reading: Statement
    metrics: list[Metric]
    roi: Return
    assumptions: list[Statement]


class Milestone(Stored):
    """What is to be shown at the end of a month."""

    title: str
    month: int = Field(ge=1)


class Phase(Stored):
    """Some months of the timeline with one aim."""

    key: str
    name: str
    start_month: int = Field(ge=1)
    end_month: int = Field(ge=1)
    months: int = Field(ge=1)
    pieces: int = Field(ge=0)
    pieces_so_far: int = Field(ge=0)
    formats: dict[str, int]
    hours: Figure
    goals: list[str]
    tasks: list[str]
    milestones: list[Milestone]
    resources: list[str]
    fields: list[str] = []


class BudgetLine(Stored):
    """One line of the monthly budget."""

    item: str
    amount: Finite
    share: int
    unit: str
    basis: str
    per_piece: Figure | None = None


class ImplementationRoadmap(Stored):
    """Who does what until when, with which money."""

    phases: list[Phase]
    budget: list[BudgetLine]
    budget_note: str
    critical_path: list[str]
    success_metrics: list[str]


class Risk(Stored):
    """One thing that may go wrong; its score is probability × impact."""

    title: str
    category: Category
    probability: int = Field(ge=1, le=5)
    impact: int = Field(ge=1, le=5)
    score: int = Field(ge=1, le=25)
    mitigation: str
    contingency: str
    indicator: str
    owner: str = ""
    due: str = ""
    fields: list[str] = []


class Monitoring(Stored):
    """How the risks are watched."""

    indicators: list[str]
    frequency: Frequency
    escalation: list[str]


class RiskAssessment(Stored):
    """Risks, the worst first, and how they are watched."""

    risks: list[Risk]
    overall_level: Literal["High", "Medium", "Low"]
    monitoring: Monitoring
