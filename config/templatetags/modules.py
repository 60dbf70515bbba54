"""What a page needs before its first module."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def import_map() -> SafeString:
    """Return the import map; nothing where files go by the names they were written with."""
    if not settings.IMPORT_MAP:
        return SafeString("")
    # As it was hashed for the policy: escaped once more, it would be another text.
    return format_html('<script type="importmap">{}</script>', mark_safe(settings.IMPORT_MAP))
