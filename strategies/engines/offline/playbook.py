"""What the planner knows about the brief's options: what a pain, a season, a source or a position asks of content."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """How content answers a pain: at which stage, and what is made; ``{form}`` is one piece, ``{forms}`` several."""

    stage: str
    words: str
    advice: str


PAINS: Mapping[str, Answer] = {
    "Lack of Time": Answer(
        "awareness",
        "lack of time",
        "Answer lack of time by form: {forms} that say in their first line what one gets and how long it takes, "
        "one question each.",
    ),
    "Information Overload": Answer(
        "consideration",
        "information overload",
        "Answer information overload by leaving out: {one} that puts your pieces in the order to read them, and no new "
        "piece on a question that an older one answers.",
    ),
    "Budget Constraints": Answer(
        "decision",
        "budget constraints",
        "Answer budget constraints with figures of your own: {one} on what it costs, what doing nothing costs, and "
        "what the smallest version looks like.",
    ),
    "Technical Complexity": Answer(
        "consideration",
        "technical complexity",
        "Answer technical complexity step by step: {forms} in which each term is explained where it first appears; "
        "one expert checks each piece, and one person from outside has to manage with it.",
    ),
    "Decision Paralysis": Answer(
        "decision",
        "decision paralysis",
        "Answer decision paralysis with a recommendation: {one} that asks for the reader's situation and ends, for "
        "each, in one choice, even where that is not yours.",
    ),
    "Quality Concerns": Answer(
        "decision",
        "quality concerns",
        "Answer quality concerns by showing the work: {one} on how it is made, who checks it, what was once sent back "
        "and what happens when a customer complains.",
    ),
}

# What a pain in the audience's own words asks for, by the stage it is taken up at.
OWN_WORDS: Mapping[str, str] = {
    "awareness": "Make {pain} the title of a series of {forms}, word for word: people look for help in the words they "
    "have for their problem.",
    "decision": "Close with {pain}: {one} in which a customer tells how it was before, what changed, and what it took.",
    "consideration": "Take {pain} apart in {one}: which ways out there are, what each asks of the reader, and for whom "
    "yours is the wrong one.",
}
OWN_WORDS_ORDER = ("awareness", "decision", "consideration")

SEASONS: Mapping[str, str] = {
    "Q1 Planning": "Q1 Planning: what helps people to plan has to be out before January ends; nothing that asks for a "
    "decision in these weeks.",
    "Q2 Execution": "Q2 Execution: instructions and checklists from April to June, for readers who are doing what they "
    "planned.",
    "Q3 Optimization": "Q3 Optimization: from July to September pieces on doing it better, with before and after.",
    "Q4 Review": "Q4 Review: from October on what helps to look back and to ask for next year's budget.",
    "Holiday Season": "Holiday Season: pieces for the peak are finished by the end of October; in December only what "
    "can still be acted on.",
    "Back to School": "Back to School: prepared in July, published in the second half of August.",
    "Summer Slowdown": "Summer Slowdown: the best old pieces again instead of new ones, and the hours for updating.",
}
SLUMPS = ("Summer Slowdown",)
OWN_SEASON = (
    "{season}: a theme of its own in the calendar, its pieces ready a month ahead, and last year's figures beside it."
)

SOURCES: Mapping[str, str] = {
    "Organic Search": "for Organic Search each piece answers one question that people type, in its title",
    "Social Media": "for Social Media each piece yields one sentence that can stand alone there",
    "Email Marketing": "for Email Marketing each piece is sent with one reason to open it",
    "Direct Traffic": "for Direct Traffic the newest piece is one click from the start page",
    "Referral Traffic": "for Referral Traffic name, before writing, the site that should link to the piece",
    "Paid Advertising": "for Paid Advertising pay only for pieces that convert without it, and pause it for a week each "
    "quarter to see what remains",
}

# Formats that carry the others: the source of visits that they serve.
CARRIERS: Mapping[str, str] = {"Social Media Posts": "Social Media", "Email Newsletters": "Email Marketing"}

DEVICES: Mapping[str, str] = {
    "Desktop": "tables and comparisons may be wide",
    "Mobile": "every piece is proofread on a phone",
    "Tablet": "pictures carry their captions with them",
    "Smart TV": "films open with a title that can be read from the sofa",
    "Smart Speaker": "the answer is one sentence that can be read aloud",
}

POSITIONS: Mapping[str, str] = {
    "Market Leader": "As Market Leader you are compared with, whether you answer or not: set the terms, explain the "
    "whole field, and never name smaller rivals first.",
    "Challenger": "As Challenger you win where the known name is taken for granted: compare openly, on the one point "
    "where you are better.",
    "Follower": "As Follower you don't win by saying the same: pick the customers whom {rival} serves only on the side.",
    "Niche Player": "As Niche Player you need to be the first answer to few questions, not one of many answers to all: "
    "leave broad topics to {rival}.",
}

# Formats that prove something come first where people decide; the others where they learn that there is a problem.
PROOF = (
    "Case Studies",
    "Webinars",
    "Videos",
    "Interactive Content",
    "Whitepapers",
    "Email Newsletters",
    "Blog Posts",
    "Infographics",
    "Podcasts",
    "Social Media Posts",
)
REACH = (
    "Blog Posts",
    "Social Media Posts",
    "Videos",
    "Infographics",
    "Podcasts",
    "Email Newsletters",
    "Interactive Content",
    "Webinars",
    "Case Studies",
    "Whitepapers",
)
DEPTH = (
    "Whitepapers",
    "Webinars",
    "Blog Posts",
    "Interactive Content",
    "Videos",
    "Case Studies",
    "Email Newsletters",
    "Podcasts",
    "Infographics",
    "Social Media Posts",
)
ORDER_AT: Mapping[str, tuple[str, ...]] = {
    "awareness": REACH,
    "consideration": DEPTH,
    "decision": PROOF,
    "retention": ("Email Newsletters", *REACH),
}

# The rivals' words for formats that this side calls otherwise.
FORMATS_OF_RIVALS = {"Social Media": "Social Media Posts", "Email Campaigns": "Email Newsletters"}
# How often rivals publish, in the words of one's own rhythm, rising.
RHYTHMS = ("Quarterly", "Monthly", "Bi-weekly", "Weekly", "2-3 times per week", "Daily")
RHYTHMS_OF_RIVALS = {"Multiple times per week": "2-3 times per week", "Irregular": "Quarterly"}
