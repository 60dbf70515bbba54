"""The project as an ASGI application: static files, then Django, then streams."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from sse.asgi import get_asgi_application

django = get_asgi_application()

from config import static  # noqa: E402

application = static.serve(django)
