"""What is made and committed: the client's names and types of events, and its types for TypeScript."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sse import message_types

CLIENT = Path(__file__).parent.parent.parent / "sse" / "static" / "sse"
TYPES = Path(__file__).parent.parent / "js" / "types"
TSC = TYPES / "node_modules" / "typescript" / "bin" / "tsc"

needs_tsc = pytest.mark.skipif(
    not (shutil.which("node") and TSC.exists()), reason="needs node, and npm ci in tests/js/types"
)

USE = """
import { NUMBERED, SSEClosed, SSEConnection } from "strategy-stream-client";
import type { SSEMessage, SSEOptions, StateChange } from "strategy-stream-client";
import { useSSE } from "strategy-stream-client/react";

const connection = new SSEConnection("/sse/stream?topic=job:1", { lastEventId: 7, user: "42", token: async () => "x" });
const opened: Promise<void> = connection.connect();
const options: SSEOptions = { pollUrl: "/api/jobs/1/events" };
connection.on("state", ({ state, retryAt }: StateChange) => [state, retryAt]);
connection.on("error", (event: SSEMessage) => event.error?.code);
const off: () => void = connection.on("progress", (event) => event.seq);
connection.off("progress", console.log);
for (const name of NUMBERED) connection.on(name, ({ topic, seq }) => [topic.length, seq.toFixed()]);
connection.on("heartbeat", ({ seq }) => seq?.toFixed());
new SSEConnection("/sse/stream", { lastEventId: document.body.dataset.cursor, user: undefined });
const sent: Promise<Response> = connection.send({ command: "cancel" });
const again: Promise<void> = connection.reconnect();
const live: boolean = connection.isConnected();
connection.disconnect();

const { data, error, isConnected, reconnect } = useSSE("/sse/stream?topic=job:1", { pollUrl: "/api/jobs/1/events" });
const percent: number | undefined = data?.progress;
const reason: string | undefined = error instanceof SSEClosed ? error.reason : undefined;
const promise: Promise<void> = reconnect();
// @ts-expect-error: there is no such option
new SSEConnection("/sse/stream", { pollUrI: "/" });
// @ts-expect-error: nor such an event
connection.on("progres", () => {});
// @ts-expect-error: nor is a state a number
connection.on("state", ({ state }) => state.toFixed());
"""


def test_the_clients_names_and_types_of_events_are_those_of_the_schema() -> None:
    assert message_types.PATH.read_text() == message_types.written(), "run `make types`"


def tsc(*arguments: str, folder: Path = TYPES) -> str:
    done = subprocess.run(["node", str(TSC), *arguments], cwd=folder, capture_output=True, text=True, timeout=180)
    return done.stdout + done.stderr


@needs_tsc
def test_the_modules_are_free_of_type_errors_and_their_types_are_those_committed(tmp_path: Path) -> None:
    said = tsc("-p", ".", "--outDir", str(tmp_path))

    made = {path.relative_to(tmp_path): path.read_text() for path in tmp_path.rglob("*.d.ts")}
    committed = {path.relative_to(CLIENT): path.read_text() for path in CLIENT.rglob("*.d.ts")}
    assert said == ""
    assert made == committed, "run `make types`"


@needs_tsc
def test_the_scripts_of_the_pages_are_free_of_type_errors() -> None:
    assert tsc("-p", "pages.json") == ""


@needs_tsc
@pytest.mark.parametrize("resolution", ["--module ES2022 --moduleResolution bundler", "--module nodenext"])
def test_what_a_program_in_typescript_writes_is_checked_by_these_types(resolution: str, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "use.ts").write_text(USE)
    page = (CLIENT.parent.parent.parent / "docs" / "how-to" / "use-the-client.md").read_text()
    (component,) = re.findall(r"```jsx\n(.*?)```", page, re.DOTALL)
    (tmp_path / "component.tsx").write_text(component.replace("{ job, user }", "{ job, user }: Record<string, string>"))
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "strategy-stream-client").symlink_to(CLIENT)
    for name in ("@types", "csstype"):
        (modules / name).symlink_to(TYPES / "node_modules" / name)
    options = f"--noEmit --strict --exactOptionalPropertyTypes --target ES2022 --preserveSymlinks {resolution}"

    assert tsc(*options.split(), "--jsx", "react-jsx", "use.ts", "component.tsx", folder=tmp_path) == ""
