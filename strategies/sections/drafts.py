"""
What an engine writes: words and ratings only, one schema for each section.

These are also the JSON schemas that a language model fills, so every description is addressed to it. Figures, months,
amounts and the order of competitors are not asked for: they are computed, and `composition` puts them in.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from strategies.sections.reading import (
    Category,
    FewLines,
    Frequency,
    Grounds,
    High,
    Lines,
    PhaseKey,
    Rating,
    Text,
    read_category,
    read_frequency,
    read_phase,
    trim,
)


class Draft(BaseModel):
    """Common to all drafts: members that nobody asked for are dropped."""

    model_config = ConfigDict(extra="ignore")


class StatementDraft(Draft):
    """One statement and what it rests on."""

    text: Text = Field(description="One or two sentences that could be about no other brief than this one.")
    fields: Grounds = []


Statements = Annotated[list[StatementDraft], BeforeValidator(trim(12)), Field(max_length=12)]


class InsightDraft(Draft):
    """One thing worth knowing or doing, with its reason."""

    type: Text = Field(description="What it is about in one or two words: growth, content pillar, channel, capacity …")
    insight: Text = Field(description="The insight in one or two sentences; what to do, for whom, in which format.")
    reasoning: Text = Field(description="Why, from the brief or from the computed figures. Quote, never invent.")
    priority: High = Field(description="How much depends on it.")
    impact: High = Field(description="How strongly it moves what is named next.")
    affects: Text = Field(description="What it moves, without figures: a metric, a stage, a cost of the brief.")
    phase: Annotated[PhaseKey, BeforeValidator(read_phase)] = Field(description="The phase in which it is done.")
    confidence: High = Field(description="High where it rests on the user's figures, Low where it is a guess.")
    fields: Grounds = []


class SwotDraft(Draft):
    """Strengths and weaknesses of the user, opportunities and threats of the market."""

    strengths: Statements = []
    weaknesses: Statements = []
    opportunities: Statements = []
    threats: Statements = []


class PositioningDraft(Draft):
    """Where the user stands, where they want to stand, and the sentence that says why them."""

    current: Text = Field(description="Where they stand today, from the brief.")
    target: Text = Field(description="Where they want to stand, in the words of their objectives.")
    statement: Text = Field(description="For whom, against which problem, what they offer, unlike whom.")
    fields: Grounds = []


class StrategicInsightsDraft(Draft):
    """Insights, SWOT and positioning."""

    insights: Annotated[list[InsightDraft], BeforeValidator(trim(16)), Field(min_length=1, max_length=16)]
    swot: SwotDraft
    positioning: PositioningDraft


class CompetitorDraft(Draft):
    """One of the competitors that the brief names."""

    name: Text = Field(description="The competitor's name exactly as the brief has it.")
    strengths: FewLines = Field(default=[], description="What the brief says they do well. Empty if it says nothing.")
    weaknesses: FewLines = Field(default=[], description="What the brief says they do badly. Empty if nothing.")
    content_strategy: Text = Field(description="What is known of their content; if nothing, how to find out.")
    position: Text = Field(description="Where they stand against the user.")
    response: Text = Field(description="What the user does about them: a concrete piece, format and place.")
    fields: Grounds = []


class CompetitiveAnalysisDraft(Draft):
    """What the others do, what they leave open, and what follows."""

    competitors: Annotated[list[CompetitorDraft], BeforeValidator(trim(50)), Field(max_length=50)] = []
    market_gaps: Statements = []
    opportunities: Statements = []
    recommendations: Annotated[list[StatementDraft], BeforeValidator(trim(12)), Field(min_length=1, max_length=12)]
    differentiation: StatementDraft


class PerformancePredictionsDraft(Draft):
    """What the computed forecast means. The figures themselves are computed."""

    reading: StatementDraft = Field(description="What the computed figures mean for the goal, and what decides it.")
    assumptions: Statements = Field(default=[], description="What has to hold for the forecast to come true.")


class PhaseDraft(Draft):
    """The words of one of the computed phases."""

    key: PhaseKey = Field(description="The phase's key in the foundation.")
    goals: FewLines = Field(description="What is true at its end.")
    tasks: Lines = Field(description="Concrete tasks: who could start tomorrow morning.")
    milestones: FewLines = Field(description="One title for each of the phase's milestones in the foundation.")
    resources: FewLines = Field(default=[], description="People, tools and money it takes, from the brief.")
    fields: Grounds = []


class ImplementationRoadmapDraft(Draft):
    """The words of the plan. Months, pieces and amounts are computed."""

    phases: Annotated[list[PhaseDraft], BeforeValidator(trim(4)), Field(min_length=1, max_length=4)]
    critical_path: Lines = Field(description="What must be finished before what, first things first.")
    success_metrics: Lines = Field(description="How one will see that it worked.")


class RiskDraft(Draft):
    """One thing that may go wrong, for a reason that stands in the brief."""

    title: Text = Field(description="What may happen, and why here.")
    category: Annotated[Category, BeforeValidator(read_category)]
    probability: Rating = Field(description="1 hardly ever … 5 almost certain.")
    impact: Rating = Field(description="1 a nuisance … 5 the goal is lost.")
    mitigation: Text = Field(description="What makes it less likely, done beforehand.")
    contingency: Text = Field(description="What is done when it happens.")
    indicator: Text = Field(description="What shows early that it begins.")
    fields: Grounds = []


class MonitoringDraft(Draft):
    """How the risks are watched."""

    indicators: Lines = Field(description="What is looked at.")
    frequency: Annotated[Frequency, BeforeValidator(read_frequency)] = "Monthly"
    escalation: FewLines = Field(description="Who decides what when an indicator tips.")


class RiskAssessmentDraft(Draft):
    """Risks, and how they are watched."""

    risks: Annotated[list[RiskDraft], BeforeValidator(trim(16)), Field(min_length=1, max_length=16)]
    monitoring: MonitoringDraft
