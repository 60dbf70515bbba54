"""
The import map: which collected file each module's own address means.

`collectstatic` names files by their content. Modules import each other by the addresses that they were written with, and
a browser looks these up in the map; so no module is rewritten, and a changed one renames no other.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Final

# The folders whose modules import each other; the admin's scripts do not.
FOLDERS: Final = ("sse/", "strategies/")


def collected(manifest: Path) -> dict[str, str]:
    """Return what `collectstatic` noted: each file's name, and the name by its content. Empty where it has not run."""
    try:
        noted: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return dict(noted["paths"])


def is_module(name: str) -> bool:
    """Whether a static file is a module that others import by its name."""
    return name.endswith(".js") and name.startswith(FOLDERS)


def text(files: dict[str, str], *, url: str) -> str:
    """Return the map as a page carries it, for static files below ``url``; empty where nothing was collected."""
    imports = {url + name: url + named for name, named in sorted(files.items()) if is_module(name)}
    if not imports:
        return ""
    # Nothing in a file's name may end the script that the map stands in.
    return json.dumps({"imports": imports}, separators=(",", ":")).replace("<", "\\u003c")


def source(map: str) -> str:
    """Return the map as a source of the content security policy: by its hash, since it stands in the page itself."""
    digest = hashlib.sha256(map.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
