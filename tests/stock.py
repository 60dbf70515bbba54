"""The project under Django's own ASGI handler: what somebody gets who does not use ``sse.asgi``."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

application = get_asgi_application()
