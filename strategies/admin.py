"""The admin, where staff run this: watch jobs, cancel and retry them; look at strategies; write lessons."""

from django.contrib import admin

from .admin_jobs import JobAdmin
from .admin_lessons import LessonAdmin
from .admin_strategies import StrategyAdmin
from .models import Job, Lesson, Strategy

admin.site.site_header = "Strategy Stream"
admin.site.site_title = "Strategy Stream"
admin.site.index_title = "Operations"

admin.site.register(Job, JobAdmin)
admin.site.register(Strategy, StrategyAdmin)
admin.site.register(Lesson, LessonAdmin)
