"""
A program of its own: reads data as JSON, writes a PDF. Imports nothing of the project, so that it starts at once.

Typst runs here and not in the server because a process can be ended when it takes too long; a thread can't.
"""

import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent


def main() -> None:
    """Typeset what comes in; the template sees nothing but its own folder, and the network not at all."""
    data = sys.stdin.buffer.read().decode()
    pdf = typst.compile(
        HERE / "typeset" / "document.typ",
        root=HERE / "typeset",
        font_paths=[HERE / "fonts"],
        format="pdf",
        sys_inputs={"data": data},
    )
    assert isinstance(pdf, bytes)
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
