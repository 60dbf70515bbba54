"""Strategies and their documents; drafts of new ones; the jobs that write them; the lessons shown meanwhile."""

from strategies.models.drafts import Draft
from strategies.models.jobs import Job, Step
from strategies.models.lessons import Lesson
from strategies.models.strategies import Section, Strategy, Version

__all__ = ["Draft", "Job", "Lesson", "Section", "Step", "Strategy", "Version"]
