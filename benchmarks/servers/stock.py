"""This project under Django's own ASGI handler."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.servers.project"

from django.core.asgi import get_asgi_application

from benchmarks.servers import listening

if __name__ == "__main__":
    listening.serve(get_asgi_application())
