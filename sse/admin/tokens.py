"""Tokens of programs: made here with the secret shown once, looked at, revoked."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from sse import tokens
from sse.models import Token

from .cells import visible
from .rows import Logged

STATES: Final = (gettext_noop("active"), gettext_noop("expired"), gettext_noop("revoked"))


class IssueForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a token is made from."""

    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=tokens.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What it is good for. No scope includes another."),
    )
    days = forms.IntegerField(
        label=_("Days"),
        min_value=1,
        max_value=tokens.MAX_DAYS,
        initial=tokens.DAYS,
        required=False,
        help_text=format_lazy(_("Until it expires, 1 to {most}."), most=tokens.MAX_DAYS),
    )
    never = forms.BooleanField(required=False, label=_("Never expires"))

    class Meta:
        model = Token
        fields = ["user", "name"]

    def clean(self) -> dict[str, Any] | None:
        """A token without an end has to be asked for, not forgotten."""
        cleaned = super().clean()
        if not self.errors and bool(self.cleaned_data.get("days")) == self.cleaned_data["never"]:
            raise forms.ValidationError(_("Give the days until it expires, or say that it never does."))
        return cleaned


class StateFilter(admin.SimpleListFilter):
    """Tokens that are good, and those that are no longer."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer each state."""
        return [(state, gettext(state)) for state in STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Token]) -> QuerySet[Token]:
        """Keep the tokens in the chosen state."""
        over = Q(expires__lte=timezone.now())
        match self.value():
            case "active":
                return queryset.filter(~over | Q(expires=None), revoked=None)
            case "expired":
                return queryset.filter(over, revoked=None)
            case "revoked":
                return queryset.exclude(revoked=None)
        return queryset


@admin.register(Token)
class TokenAdmin(Logged, admin.ModelAdmin):  # type: ignore[type-arg]
    """Every token. None is ever changed but by revoking it; its secret is shown by the page that makes it, alone."""

    list_display = ["label", "user", "scopes_told", "state_told", "created", "expires", "last_used"]
    list_filter = [StateFilter]
    list_select_related = ["user"]
    search_fields = ["name"]
    search_help_text = _("A part of a token's name")
    raw_id_fields = ["user"]
    actions = ["revoke"]

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody changes one: a token of other scopes is another token."""
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may revoke."""
        return request.user.has_perm("sse.revoke_token")

    def get_form(self, request: HttpRequest, obj: Token | None = None, change: bool = False, **options: Any) -> Any:
        """Ask for what a token is made from; a made one is only looked at."""
        return super().get_form(request, obj, change, **options | ({} if change else {"form": IssueForm}))

    def get_fields(self, request: HttpRequest, obj: Token | None = None) -> Any:
        """The form's fields to make one; of a made one all but the digest."""
        if obj is None:
            return ["user", "name", "scopes", "days", "never"]
        return ["user", "label", "scopes_told", "state_told", "created", "expires", "revoked", "last_used"]

    def get_readonly_fields(self, request: HttpRequest, obj: Token | None = None) -> Any:
        """All of a made one."""
        return () if obj is None else self.get_fields(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with a token of one's own."""
        return {"user": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **options: Any) -> Any:
        """Let nobody make a token in another's name but a superuser: it would be a way to become somebody else."""
        if db_field.name == "user" and not request.user.is_superuser:
            users = db_field.remote_field.model._default_manager
            options["queryset"] = users.filter(pk=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        """Issue the token; its secret lives as long as this request."""
        given = form.cleaned_data
        made, secret = tokens.issue(
            user=given["user"], name=given["name"], scopes=given["scopes"], days=given["days"] or None
        )
        obj.__dict__.update(made.__dict__)
        request._issued = secret  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Token, post_url_continue: str | None = None) -> HttpResponse:
        """Show the secret in this answer, and nowhere else: a message would lie in a cookie or a session's row."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Token made"),
            "token": obj,
            "secret": request._issued,  # type: ignore[attr-defined]
        }
        response = TemplateResponse(request, "admin/sse/token/issued.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(description=_("Revoke: their streams end at once"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        """Revoke the chosen tokens, and say how many."""
        with transaction.atomic():
            revoked = [token for token in queryset if tokens.revoke(token)]
            for token in revoked:
                self.log_change(request, token, gettext_noop("Revoked."))
        self.message_user(request, gettext("%(count)s revoked.") % {"count": len(revoked)}, messages.SUCCESS)

    @admin.display(description=_("name"), ordering="name")
    def label(self, token: Token) -> str:
        """What it is for."""
        return visible(token.name)

    @admin.display(description=_("scopes"))
    def scopes_told(self, token: Token) -> str:
        """What it is good for."""
        return ", ".join(token.scopes)

    @admin.display(description=_("state"))
    def state_told(self, token: Token) -> str:
        """Whether it is still good."""
        return gettext(token.state)
