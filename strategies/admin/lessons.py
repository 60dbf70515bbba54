"""The form in which staff write lessons: what a lesson must have, said before a waiting reader would miss it."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.db.models import Case, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from strategies import kinds, lessons, texts
from strategies.admin import cells
from strategies.admin.filters import KindFilter, PhaseFilter, StepFilter
from strategies.errors import UnknownKind
from strategies.kinds import StepSpec
from strategies.models import Lesson

PLACE: Final = ["kind", "step", "phase"]
PLACE_TOLD: Final = ["kind_title", "place", "phase_word"]
TEXTS: Final = ["title", "description", "details", "insight", "estimated_time", "achievement", "next_step"]
# Django's log notes which fields were changed by their labels, and puts those into the reader's language.
LABELS: Final = (
    gettext_noop("Title"),
    gettext_noop("Description"),
    gettext_noop("Details"),
    gettext_noop("Insight"),
    gettext_noop("Estimated time"),
    gettext_noop("Achievement"),
    gettext_noop("Next step"),
)
LINES: Final = 4
LINE_LENGTH: Final = 160
# What the achievement may name: jobs count the result of a step, and nothing else of it.
VALUES: Final = {"count"}


class Lines(forms.CharField):
    """A few short lines, kept as a list of texts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=AdminTextareaWidget({"rows": LINES}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines; what was typed stays as it is."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the lines that are not blank."""
        lines = [line.strip() for line in super().clean(value).split("\n") if line.strip()]
        if len(lines) > LINES:
            raise forms.ValidationError(
                gettext("At most {most} lines, please; these are {count}.").format(most=LINES, count=len(lines))
            )
        for number, line in enumerate(lines, start=1):
            if len(line) > LINE_LENGTH:
                raise forms.ValidationError(
                    gettext("Line {number} has {count} characters; at most {most}, please.").format(
                        number=number, count=len(line), most=LINE_LENGTH
                    )
                )
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is shown, whichever way the browser ends its lines."""
        return super().has_changed(self.prepare_value(initial), str(data or "").replace("\r\n", "\n"))


class LessonForm(forms.ModelForm):  # type: ignore[type-arg]  # its type parameter exists in the stubs only
    """A lesson for a step that exists."""

    details = Lines(
        required=False, label=_("Details"), help_text=_("One on each line, at most 4: what the step looks at.")
    )

    class Meta:
        model = Lesson
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        """Refuse a lesson that no job would ever show, or one that would show braces."""
        cleaned = super().clean() or self.cleaned_data
        if "kind" in cleaned and "step" in cleaned:
            self._check_step(cleaned["kind"], cleaned["step"])
        unknown = sorted(lessons.braces(cleaned.get("achievement", "")) - VALUES)
        if unknown:
            self.add_error(
                "achievement",
                gettext("Nobody counts %(name)s; what can stand in braces is %(count)s.")
                % {"name": f"{{{unknown[0]}}}", "count": "{count}"},
            )
        phase = cleaned.get("phase") or self.instance.phase
        if phase == Lesson.Phase.RUNNING and not cleaned.get("description") and "description" not in self.errors:
            self.add_error("description", gettext("While a step runs, a reader has time for this: what is it about?"))
        return cleaned

    def _check_step(self, kind: str, step: str) -> None:
        try:
            steps = [each.key for each in kinds.get(kind).steps]
        except UnknownKind as error:
            self.add_error("kind", texts.told(error.message))
            return
        if step not in steps:
            said = gettext("The kind %(kind)s has no such step; its steps are %(steps)s.")
            self.add_error("step", said % {"kind": kind, "steps": ", ".join(steps)})


def _steps(kind: str) -> tuple[StepSpec, ...]:
    try:
        return kinds.get(kind).steps
    except UnknownKind:
        return ()


def _kinds() -> list[tuple[str, str]]:
    return [("", "–"), *((kind.key, gettext(kind.title)) for kind in kinds.listed())]


def _steps_by_kind() -> list[tuple[str, Any]]:
    steps = [(gettext(kind.title), [(step.key, gettext(step.title)) for step in kind.steps]) for kind in kinds.listed()]
    return [("", "–"), *steps]


def _place() -> Case:
    """Return the number of a lesson's step; those of no step come last."""
    known = [(key, number, step.key) for key in kinds.keys() for number, step in enumerate(_steps(key))]  # noqa: SIM118
    places = [When(kind=kind, step=step, then=Value(number)) for kind, number, step in known]
    return Case(*places, default=Value(len(known)), output_field=models.IntegerField())


class LessonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What readers learn while they wait. A change is shown from the next step on."""

    form = LessonForm
    list_display = ["title", "kind_title", "place", "phase_word"]
    list_filter = [KindFilter, PhaseFilter, StepFilter]
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget({"rows": 4})}}
    search_fields = ["title", "description", "insight", "achievement"]

    class Media:
        css = {"all": ["strategies/admin.css"]}

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Order lessons as their readers meet them."""
        return ["kind", _place(), "step", "-phase"]

    def get_fields(self, request: HttpRequest, obj: Lesson | None = None) -> list[Any]:
        """Ask where a new one stands; of one that is there say it in words."""
        return [tuple(PLACE_TOLD if obj else PLACE), *TEXTS]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer the kinds and their steps by their titles; the form's own check is the one that counts."""
        offered = {"kind": _kinds, "step": _steps_by_kind}.get(db_field.name)
        widget = {"widget": forms.Select(choices=offered())} if offered else {}
        return super().formfield_for_dbfield(db_field, request, **options | widget)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer the choices in the language of who writes."""
        choices = [(value, gettext(str(label))) for value, label in db_field.get_choices()]
        return super().formfield_for_choice_field(db_field, request, **options | {"choices": choices})

    @admin.display(description=_("kind"), ordering="kind")
    def kind_title(self, lesson: Lesson) -> str:
        """The kind of job it is shown with."""
        return cells.kind(lesson.kind)

    @admin.display(description=_("phase"), ordering="phase")
    def phase_word(self, lesson: Lesson) -> str:
        """When it is shown."""
        return cells.choice(Lesson.Phase, lesson.phase)

    @admin.display(description=_("step"))
    def place(self, lesson: Lesson) -> str:
        """The step it stands beside, with its number and its title."""
        for number, step in enumerate(_steps(lesson.kind), start=1):
            if step.key == lesson.step:
                return f"{number} {gettext(step.title)}"
        return gettext("%(step)s (no such step)") % {"step": lesson.step}

    def get_readonly_fields(self, request: HttpRequest, obj: Lesson | None = None) -> list[str]:
        """Keep a lesson at its step: moved, it would leave its old one with nothing, and cached for a minute."""
        return PLACE_TOLD if obj else []
