"""How the contenders that uvicorn serves are served: alike."""

import sys
from typing import Any

import uvicorn


def serve(application: Any) -> None:
    """Serve on the port that the command line names, until it is told to stop."""
    uvicorn.run(
        application,
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        backlog=4096,
        lifespan="off",
        ws="none",
    )
