"""The admin, where staff run this: watch jobs, cancel and retry them; look at strategies; write lessons."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from sse.admin import speak
from strategies import texts
from strategies.admin.jobs import JobAdmin
from strategies.admin.lessons import LessonAdmin
from strategies.admin.strategies import StrategyAdmin
from strategies.models import Job, Lesson, Strategy

admin.site.site_header = "Strategy Stream"
admin.site.site_title = "Strategy Stream"
admin.site.index_title = _("Operations")

speak(texts.told)

admin.site.register(Job, JobAdmin)
admin.site.register(Strategy, StrategyAdmin)
admin.site.register(Lesson, LessonAdmin)
