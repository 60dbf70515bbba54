"""This project under Django's own ASGI handler."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.servers.project"

import uvicorn
from django.core.asgi import get_asgi_application

if __name__ == "__main__":
    uvicorn.run(
        get_asgi_application(),
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        backlog=4096,
        lifespan="off",
    )
