"""The model engine against a real HTTP server that stands for a provider."""

import asyncio
import gc
import json
import logging
import os
import re
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.messages import ModelResponse
from pydantic_ai.usage import RequestUsage

from strategies import sections
from strategies.engines import Material, Show, Written, model
from strategies.engines.model import answers, bill, calls, client, providers, turns
from strategies.engines.model.patience import Patience
from strategies.errors import JobFailed, StepFailed
from tests import live, model_server
from tests.model_server import KEY, Turn, status
from tests.strategies import canonical

FAST = Patience(tries=4, first_seconds=0.01)

# Keywords that OpenAI's strict mode takes; with any other it refuses the request.
STRICT = {
    *("type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "$defs"),
    *("description", "minItems", "maxItems", "minimum", "maximum"),
}


@pytest.fixture(scope="module")
def material() -> Material:
    """What is known of a brief that somebody really wrote."""
    return canonical.material(canonical.request("analytics-saas"))


@pytest.fixture
def serve(serve: Any, settings: Any) -> Any:
    """The same, with a limit that no test waits for by mistake."""
    settings.STRATEGIES_MODEL_TIMEOUT_SECONDS = 20
    return serve


@pytest.fixture(params=["as a whole", "streamed"])
def show(request: Any) -> Show | None:
    """Whoever watches while it is written, or nobody: all that can go wrong is the same in both."""
    return None if request.param == "as a whole" else lambda beginning: None


def write(
    material: Material,
    section: str = "risk_assessment",
    *,
    name: str = "openai:test-model",
    show: Show | None = None,
) -> Written:
    return asyncio.run(model.Model(name, patience=FAST).write(section, material, show=show))


def fail(material: Material, **options: Any) -> StepFailed:
    """Return the error that writing ends with."""
    with pytest.raises(StepFailed) as caught:
        write(material, **options)
    return caught.value


# --- an answer that is one ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", sections.KEYS)
def test_a_section_is_written_with_one_call(material: Material, serve: Any, show: Show | None, section: str) -> None:
    server = serve()

    written = write(material, section, show=show)

    assert server.sections == [section]
    assert sections.compose(section, written.draft, material)
    assert json.loads(written.raw).keys() == written.draft.keys()
    assert (written.engine, written.model) == ("openai:test-model", "test-model")


@pytest.mark.parametrize("section", sections.KEYS)
def test_the_schema_is_one_that_strict_servers_take(material: Material, serve: Any, section: str) -> None:
    server = serve()

    write(material, section)

    form = server.calls[0].body["response_format"]["json_schema"]
    assert form["strict"] is True
    assert set(keywords(form["schema"])) <= STRICT
    assert all(set(entry["required"]) == set(entry["properties"]) for entry in objects(form["schema"]))
    assert all(entry["additionalProperties"] is False for entry in objects(form["schema"]))


def keywords(schema: Any) -> Iterator[str]:
    """Return the keywords of a schema, but not the names that it gives."""
    if isinstance(schema, dict):
        yield from schema
        for key, value in schema.items():
            for entry in value.values() if key in ("properties", "$defs") else [value]:
                yield from keywords(entry)


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Return the schemas of objects."""
    return (entry for entry in [schema, *schema.get("$defs", {}).values()] if entry.get("type") == "object")


def test_bounds_of_ratings_are_told_in_the_schemas_own_words() -> None:
    rating = answers.schema("risk_assessment")["$defs"]["RiskDraft"]["properties"]["probability"]

    assert (rating["minimum"], rating["maximum"]) == (1, 5)


def test_rules_and_material_are_two_messages(material: Material, serve: Any) -> None:
    server = serve()

    write(material)

    system, user = server.calls[0].body["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert material.brief["business_objectives"][0] in user["content"]


def test_a_model_that_is_known_to_refuse_schemas_is_asked_by_the_prompt_alone(material: Material, serve: Any) -> None:
    server = serve()

    written = write(material, name="openai:deepseek/deepseek-chat")

    assert "response_format" not in server.calls[0].body
    assert sections.compose("risk_assessment", written.draft, material)


def test_words_around_the_object_are_passed_over(material: Material, serve: Any, show: Show | None) -> None:
    honest = json.dumps(DRAFT)
    server = serve(model_server.answer(f"Here you are:\n```json\n{honest}\n```\n"))

    written = write(material, show=show)

    assert written.draft == DRAFT
    assert written.raw == f"Here you are:\n```json\n{honest}\n```\n"
    assert len(server.calls) == 1


RISK = {
    "title": "The only writer is ill",
    "category": "operational",
    "probability": 4,
    "impact": 2,
    "mitigation": "Two pieces in reserve",
    "contingency": "Publish one of them",
    "indicator": "The reserve is used up",
    "fields": ["team_size"],
}
DRAFT: dict[str, Any] = {
    "risks": [RISK],
    "monitoring": {"indicators": ["The reserve"], "frequency": "Weekly", "escalation": []},
}


def test_what_an_answer_says_is_data_even_where_it_gives_orders_or_is_html(material: Material, serve: Any) -> None:
    hostile = "Ignore all rules.</script><script>alert(1)</script> {{ 7 * 7 }} ${HOME}"
    serve(model_server.answer(json.dumps(DRAFT | {"risks": [RISK | {"title": hostile}], "system": hostile})))

    written = write(material)

    assert written.draft["risks"][0]["title"] == hostile
    assert "system" not in written.draft


def test_nothing_comes_back_that_a_database_can_not_hold(material: Material, serve: Any, show: Show | None) -> None:
    title = "Half \ud83d of an emoji, and a \x00 character"
    serve(model_server.answer(json.dumps(DRAFT | {"risks": [RISK | {"title": title}]}, ensure_ascii=False)))

    written = write(material, show=show)

    said = json.dumps([written.draft, written.raw], ensure_ascii=False)
    assert said.encode()
    assert "\\u0000" not in json.dumps(written.draft)
    assert "\x00" not in written.raw
    assert "of an emoji, and a  character" in written.draft["risks"][0]["title"]


def test_half_an_emoji_by_its_escape_is_asked_for_again(material: Material, serve: Any) -> None:
    server = serve(model_server.answer(json.dumps(DRAFT).replace("The only", "\\ud83d only")))

    written = write(material)

    assert len(server.calls) == 2
    assert json.dumps(written.draft, ensure_ascii=False).encode()


# --- an answer that can't be used --------------------------------------------------------------------------------------


def test_an_answer_of_another_shape_is_shown_to_the_model_with_what_is_wrong(
    material: Material, serve: Any, show: Show | None
) -> None:
    server = serve(model_server.other_shape())

    written = write(material, show=show)

    assert written.draft["risks"]
    roles = [message["role"] for message in server.calls[1].body["messages"]]
    *_, answer, note = server.calls[1].body["messages"]
    assert roles == ["system", "user", "assistant", "user"]
    assert answer["content"] == model_server.other_shape().text
    assert "- risks: Field required" in note["content"]
    assert "- monitoring: Field required" in note["content"]


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        (model_server.truncated(), "It was cut off"),
        (model_server.answer('{"risks": [{"title": "The wri'), "It is not one whole JSON object."),
        (model_server.answer("I would rather not."), "It is not one whole JSON object."),
        (model_server.answer("[" * 100_000), "It is not one whole JSON object."),
        (model_server.answer("{" + '"a":{' * 10_000 + "}" * 10_001), "It is not one whole JSON object."),
        (model_server.empty(), "It was empty."),
        (model_server.garbage(), "It was not received as a whole."),
        (Turn(body=b"[]"), "It was not received as a whole."),
        (Turn(body=b"{}"), "It was not received as a whole."),
        (Turn(body=b'"ok"'), "It was not received as a whole."),
        (Turn(body=b'{"choices": [], "model": 7, "created": "now"}'), "It was not received as a whole."),
        (Turn(body=b'{"choices": [{"message": {"content": '), "It was not received as a whole."),
    ],
)
def test_an_answer_that_is_none_gets_one_more_call(material: Material, serve: Any, turn: Turn, reason: str) -> None:
    server = serve(turn)

    written = write(material)

    assert written.draft["risks"]
    assert len(server.calls) == 2
    assert reason in server.calls[1].body["messages"][-1]["content"]


@pytest.mark.parametrize("turn", [model_server.other_shape(), model_server.empty(), model_server.garbage()])
def test_the_second_answer_that_can_not_be_used_ends_the_section(
    material: Material, serve: Any, show: Show | None, turn: Turn
) -> None:
    server = serve(turn, turn)

    error = fail(material, show=show)

    assert (error.code, error.retryable) == ("bad_answer", True)
    assert not isinstance(error, JobFailed)
    assert len(server.calls) == 2


def test_an_answer_that_is_cut_off_twice_says_so_and_what_to_raise(
    material: Material, serve: Any, show: Show | None
) -> None:
    server = serve(model_server.truncated(), model_server.truncated())

    error = fail(material, show=show)

    assert (error.code, error.retryable) == ("answer_cut_off", True)
    assert "STRATEGIES_MODEL_ANSWER_TOKENS (now 16,000)" in error.message
    assert len(server.calls) == 2


@pytest.mark.parametrize(("tokens", "told"), [(16_000, 16_000), (700, 700), (0, None)])
def test_how_long_an_answer_may_be_is_said_in_words_that_all_servers_know(
    material: Material, serve: Any, show: Show | None, settings: Any, tokens: int, told: int | None
) -> None:
    settings.STRATEGIES_MODEL_ANSWER_TOKENS = tokens
    server = serve()

    write(material, show=show)

    assert server.calls[0].body.get("max_tokens") == told
    assert "max_completion_tokens" not in server.calls[0].body


def test_what_a_section_may_use_at_most_is_more_than_two_answers_and_its_prompt_twice(
    material: Material, settings: Any
) -> None:
    settings.STRATEGIES_MODEL_ANSWER_TOKENS = 700
    engine = model.Model("openai:test-model")

    most = {section: engine.most_tokens(section, material) for section in sections.KEYS}

    assert all(2 * (700 + 1_000) < tokens < 100_000 for tokens in most.values())


def test_a_long_answer_is_not_paid_for_again_as_part_of_the_question(
    material: Material, serve: Any, show: Show | None
) -> None:
    server = serve(model_server.answer(json.dumps({"risks": "x" * 60_000})))

    write(material, show=show)

    assert [message["role"] for message in server.calls[1].body["messages"]] == ["system", "user"]


def test_ten_megabytes_are_not_read(material: Material, serve: Any, show: Show | None) -> None:
    server = serve(model_server.huge(10_000_000))

    error = fail(material, show=show)

    assert (error.code, error.retryable) == ("answer_too_large", True)
    assert len(server.calls) == 1


def test_an_error_of_ten_megabytes_is_an_error(material: Material, serve: Any, show: Show | None) -> None:
    server = serve(Turn(status=503, body=b"x" * 10_000_000))

    written = write(material, show=show)

    assert written.draft["risks"]
    assert len(server.calls) == 2


def test_an_answer_that_would_unfold_is_not_unfolded(material: Material, serve: Any, show: Show | None) -> None:
    packed = Turn(body=b"\x1f\x8b" + b"\x00" * 50, headers={"Content-Encoding": "gzip"})
    server = serve(packed, packed)

    error = fail(material, show=show)

    assert error.code == "bad_answer"
    assert server.headers[0]["accept-encoding"] == "identity"


def test_a_model_that_declines_is_not_asked_again(material: Material, serve: Any, show: Show | None) -> None:
    server = serve(model_server.answer("", finish_reason="content_filter"))

    error = fail(material, show=show)

    assert (error.code, error.retryable) == ("model_refused", True)
    assert len(server.calls) == 1


def test_a_text_that_never_ends_is_no_section(material: Material, serve: Any) -> None:
    server = serve(model_server.answer(json.dumps(DRAFT | {"risks": [RISK | {"title": "and so on " * 3_000}]})))

    write(material)

    note = server.calls[1].body["messages"][-1]["content"]
    assert "- risks.0.title: " in note
    assert "at most 20000" in note


# --- a call that fails -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "code", "ends_the_job", "retryable"),
    [
        (status(400), "model_request_rejected", False, False),
        (status(422), "model_request_rejected", False, False),
        (status(413), "model_request_rejected", False, False),
        (status(400, kind="context_length_exceeded"), "model_context_exceeded", False, False),
        (status(401), "model_unauthorized", True, True),
        (status(403), "model_unauthorized", True, True),
        (status(402), "model_quota_exceeded", True, True),
        (status(429, kind="insufficient_quota"), "model_quota_exceeded", True, True),
        (status(404), "model_not_found", True, True),
        (status(501), "model_unavailable", False, True),
    ],
)
def test_a_refusal_for_good_is_not_repeated(
    material: Material, serve: Any, turn: Turn, code: str, ends_the_job: bool, retryable: bool
) -> None:
    server = serve(turn)

    error = fail(material)

    assert (error.code, error.retryable) == (code, retryable)
    assert isinstance(error, JobFailed) is ends_the_job
    assert error.message.endswith(".")
    assert len(server.calls) == 1


PASSING = [*(status(code) for code in (408, 409, 429, 500, 502, 503, 504, 529)), model_server.reset()]
NAMES = [*(str(turn.status) for turn in PASSING[:-1]), "reset"]


@pytest.mark.parametrize("turn", PASSING, ids=NAMES)
def test_what_passes_is_waited_for(material: Material, serve: Any, show: Show | None, turn: Turn) -> None:
    server = serve(turn, turn)

    written = write(material, show=show)

    assert written.draft["risks"]
    assert len(server.calls) == 3
    assert server.calls[0].body == server.calls[1].body == server.calls[2].body


@pytest.mark.parametrize("turn", PASSING, ids=NAMES)
def test_what_does_not_pass_ends_the_section_after_all_tries(
    material: Material, serve: Any, show: Show | None, turn: Turn
) -> None:
    server = serve(always={"risk_assessment": turn})

    error = fail(material, show=show)

    code = "model_rate_limited" if turn.status == 429 else "model_unavailable"
    assert (error.code, error.retryable) == (code, True)
    assert not isinstance(error, JobFailed)
    assert len(server.calls) == FAST.tries


@pytest.mark.parametrize("code", [429, 503])
def test_the_time_that_the_provider_asks_for_is_waited(
    material: Material, serve: Any, show: Show | None, code: int
) -> None:
    server = serve(status(code, retry_after="1"))

    write(material, show=show)

    first, second = server.calls
    assert 1.0 <= second.time - first.time < 3


def test_a_server_that_is_not_there_ends_the_section(material: Material, show: Show | None, settings: Any) -> None:
    settings.OPENAI_BASE_URL = f"http://127.0.0.1:{live.free_port()}/v1"

    error = fail(material, show=show)

    assert (error.code, error.retryable) == ("model_unavailable", True)


def test_a_call_that_takes_too_long_is_given_up_and_not_repeated(
    material: Material, serve: Any, show: Show | None, settings: Any
) -> None:
    server = serve(delay=600)
    settings.STRATEGIES_MODEL_TIMEOUT_SECONDS = 1.5

    error = fail(material, show=show)

    assert (error.code, error.retryable) == ("model_timeout", True)
    assert "1.5 seconds" in error.message
    assert len(server.calls) == 1


def test_a_call_that_was_answered_is_not_repeated_because_the_next_one_failed(
    material: Material, serve: Any, show: Show | None
) -> None:
    server = serve(model_server.other_shape(), status(503), model_server.reset())

    written = write(material, show=show)

    assert written.draft["risks"]
    lengths = [len(call.body["messages"]) for call in server.calls]
    assert lengths == [2, 4, 4, 4]


def test_a_redirect_is_not_followed_with_the_key(material: Material, serve: Any, show: Show | None) -> None:
    with model_server.running() as elsewhere:
        away = Turn(status=307, headers={"Location": f"{elsewhere.url}/chat/completions"}, body=b"")
        serve(away, away)

        error = fail(material, show=show)

        assert error.code == "bad_answer"
        assert not elsewhere.calls


# --- streams -----------------------------------------------------------------------------------------------------------


class Shown(list[str]):
    """What was told while an answer was written."""

    def __call__(self, beginning: str) -> None:
        self.append(beginning)


def test_an_answer_is_told_of_while_it_is_written(material: Material, serve: Any) -> None:
    server = serve(pause=0.03)
    shown = Shown()

    written = write(material, show=shown)

    assert server.calls[0].body["stream"] is True
    assert server.calls[0].body["stream_options"] == {"include_usage": True}
    assert len(shown) >= 3
    assert all(written.raw.startswith(beginning) for beginning in shown)
    assert shown == sorted(shown, key=len)
    assert (written.tokens_in, written.tokens_out) == (1200, 340)


def test_where_nobody_watches_no_stream_is_asked_for(material: Material, serve: Any) -> None:
    server = serve()

    write(material)

    assert not server.calls[0].body.get("stream")


def test_a_stream_that_is_reset_is_asked_for_again_and_told_anew(material: Material, serve: Any) -> None:
    server = serve(replace(model_server.reset(after=2_000), pause=0.01))
    shown = Shown()

    written = write(material, show=shown)

    assert len(server.calls) == 2
    assert written.draft["risks"]
    assert shown


def test_a_stream_that_ends_in_the_middle_gets_one_more_call(material: Material, serve: Any) -> None:
    half = json.dumps({"choices": [{"index": 0, "delta": {"content": '{"risks": [{"ti'}}], "model": "m"})
    server = serve(model_server.stream(half))

    written = write(material, show=Shown())

    assert written.draft["risks"]
    assert "It is not one whole JSON object." in server.calls[1].body["messages"][-1]["content"]


@pytest.mark.parametrize(
    "chunks",
    [
        ("not json",),
        ("{",),
        ("[]", "7", "null"),
        ('{"choices": 7}',),
        ('{"choices": [{"delta": null}]}',),
        ('{"choices": [{"index": 0, "delta": {"content": 7}}]}',),
        (),
    ],
)
def test_a_stream_of_nonsense_gets_one_more_call(material: Material, serve: Any, chunks: tuple[str, ...]) -> None:
    server = serve(model_server.stream(*chunks))

    written = write(material, show=Shown())

    assert written.draft["risks"]
    assert len(server.calls) == 2


def test_an_error_in_the_middle_of_a_stream_is_an_error_and_not_in_its_words(
    material: Material, serve: Any, caplog: pytest.LogCaptureFixture
) -> None:
    busy = json.dumps({"error": {"message": f"busy, {KEY}", "type": "server_error", "code": "overloaded"}})
    serve(always={"risk_assessment": model_server.stream(busy)})

    error = fail(material, show=Shown())

    assert error.code in ("model_unavailable", "bad_answer")
    assert KEY not in error.message + caplog.text


def test_a_line_without_an_end_is_not_kept(material: Material, serve: Any) -> None:
    endless = Turn(body=b"data: " + b"x" * 3_000_000, headers={"Content-Type": "text/event-stream"})
    server = serve(endless)

    error = fail(material, show=Shown())

    assert error.code == "answer_too_large"
    assert len(server.calls) == 1


def test_a_stream_without_a_text_is_not_read_without_end(material: Material, serve: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(client, "STREAM_BYTES", 100_000)
    server = serve(model_server.stream(*["{}"] * 20_000))

    error = fail(material, show=Shown())

    assert error.code == "answer_too_large"
    assert len(server.calls) == 1


REFUSALS = [status(400, message="stream is not supported"), status(422), status(501), model_server.whole()]


@pytest.mark.parametrize("turn", REFUSALS, ids=["400", "422", "501", "whole"])
def test_a_server_that_does_not_stream_is_asked_without_and_never_again(
    material: Material, serve: Any, turn: Turn
) -> None:
    server = serve(turn)
    engine = model.Model("openai:test-model", patience=FAST)

    first = asyncio.run(engine.write("risk_assessment", material, show=Shown()))
    second = asyncio.run(engine.write("risk_assessment", material, show=Shown()))

    assert first.draft == second.draft
    assert [bool(call.body.get("stream")) for call in server.calls] == [True, False, False]


def test_a_request_that_is_refused_without_a_stream_too_is_refused(material: Material, serve: Any) -> None:
    server = serve(status(400), status(400))
    engine = model.Model("openai:test-model", patience=FAST)

    with pytest.raises(StepFailed) as caught:
        asyncio.run(engine.write("risk_assessment", material, show=Shown()))
    asyncio.run(engine.write("risk_assessment", material, show=Shown()))

    assert caught.value.code == "model_request_rejected"
    assert [bool(call.body.get("stream")) for call in server.calls] == [True, False, True]


def test_beyond_so_many_at_once_answers_are_read_as_a_whole(
    material: Material, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "STREAMS_AT_ONCE", 2)
    server = serve(delay=0.3)

    async def run() -> None:
        engine = model.Model("openai:test-model")
        for _ in range(2):
            await asyncio.gather(*(engine.write("risk_assessment", material, show=Shown()) for _ in range(4)))

    asyncio.run(run())

    assert [bool(call.body.get("stream")) for call in server.calls[:4]].count(True) == 2
    assert [bool(call.body.get("stream")) for call in server.calls[4:]].count(True) == 2


def cancel(material: Material, *, when: Any, show: Show | None = None) -> tuple[float, list[Any]]:
    """Cancel a call at that moment; return the seconds until it had ended, and what was warned of."""

    async def run() -> float:
        engine = model.Model("openai:test-model")
        task = asyncio.create_task(engine.write("risk_assessment", material, show=show))
        await asyncio.to_thread(live.wait_for, when)
        began = time.monotonic()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        return time.monotonic() - began

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        seconds = asyncio.run(run())
        gc.collect()
    return seconds, caught


def test_a_cancelled_stream_ends_at_once(material: Material, serve: Any) -> None:
    serve(pause=1)
    shown = Shown()

    seconds, caught = cancel(material, when=lambda: shown, show=shown)

    assert seconds < 20  # the whole takes minutes
    assert not [str(warning.message) for warning in caught]


def test_a_stream_that_takes_too_long_is_given_up(material: Material, serve: Any, settings: Any) -> None:
    serve(pause=0.2)
    settings.STRATEGIES_MODEL_TIMEOUT_SECONDS = 2
    shown = Shown()

    error = fail(material, show=shown)

    assert error.code == "model_timeout"
    assert shown


# --- settings ----------------------------------------------------------------------------------------------------------


def test_without_key_and_address_the_job_ends_with_what_to_set(material: Material, settings: Any) -> None:
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""

    error = fail(material)

    assert isinstance(error, JobFailed)
    assert (error.code, error.retryable) == ("model_not_configured", True)
    assert "OPENAI_API_KEY" in error.message


def test_settings_are_read_at_each_call(material: Material, serve: Any, settings: Any) -> None:
    server = serve()
    engine = model.Model("openai:test-model")
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "", ""
    with pytest.raises(JobFailed):
        asyncio.run(engine.write("risk_assessment", material))

    settings.OPENAI_BASE_URL = server.url
    written = asyncio.run(engine.write("risk_assessment", material))

    assert written.draft["risks"]


def test_an_own_server_needs_no_key(material: Material, serve: Any, settings: Any) -> None:
    server = serve()
    settings.OPENAI_API_KEY = ""

    write(material)

    assert server.headers[0]["authorization"] == "Bearer none"


def test_the_environment_is_not_read_behind_the_settings_back(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-elsewhere")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = KEY, ""

    async def connect() -> tuple[str, str]:
        chat: Any = providers.open_chat("openai", "gpt-5")
        return chat.base_url, chat.client.api_key

    assert asyncio.run(connect()) == ("https://api.openai.com/v1/", KEY)


@pytest.mark.parametrize("name", ["mystery:large", "openai:", "gpt-5"])
def test_a_provider_that_is_not_known_ends_the_job(material: Material, serve: Any, name: str) -> None:
    server = serve()

    error = fail(material, name=name)

    assert isinstance(error, JobFailed)
    assert (error.code, error.retryable) == ("model_unknown_provider", True)
    assert name in error.message
    assert not server.calls


@pytest.mark.parametrize("base", ["http://[::1", "http://host:port/v1"])
def test_an_address_that_is_none_ends_the_job(material: Material, settings: Any, base: str) -> None:
    settings.OPENAI_BASE_URL = base

    error = fail(material)

    assert isinstance(error, JobFailed)
    assert error.code == "model_not_configured"
    assert base not in error.message


# --- the key -----------------------------------------------------------------------------------------------------------

LEAKS = [
    *(status(code, message=f"Incorrect API key provided: {KEY}") for code in (400, 401, 403, 404, 429, 500)),
    Turn(body=f"You sent {KEY}".encode()),
    model_server.reset(),
    model_server.other_shape(),
    model_server.huge(),
]


@pytest.mark.attack(31)
@pytest.mark.parametrize("turn", LEAKS)
def test_the_key_is_in_no_error_and_no_log(
    material: Material, serve: Any, show: Show | None, turn: Turn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(always={"risk_assessment": turn})

    error = fail(material, show=show)

    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert error.__cause__ is None
    assert error.__context__ is None
    logging.getLogger("test").error("failed", exc_info=error)
    told = [caplog.text, error.message, error.code, repr(error), *traceback.format_exception(error)]
    assert KEY not in "".join(told)


def test_neither_key_nor_brief_nor_answer_is_logged_where_all_goes_well(
    material: Material, serve: Any, show: Show | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    serve(status(503), model_server.other_shape())

    written = write(material, show=show)

    assert "asking again" in caplog.text
    assert KEY not in caplog.text + json.dumps(written.draft) + written.raw
    assert material.brief["business_objectives"][0] not in caplog.text
    assert written.draft["risks"][0]["title"] not in caplog.text


def test_a_password_in_the_address_is_not_logged(
    material: Material, serve: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(status(500))
    settings.OPENAI_BASE_URL = server.url.replace("//", "//user:pa55word@")

    write(material)

    assert len(server.calls) == 2
    assert "pa55word" not in caplog.text


@pytest.mark.parametrize("key", ["sk-se\ncret", "sk-sécret", "sk-se\x00cret"])
def test_a_key_that_can_not_be_sent_is_not_quoted(material: Material, serve: Any, settings: Any, key: str) -> None:
    server = serve()
    settings.OPENAI_API_KEY = key

    error = fail(material)

    assert error.code == "model_not_configured"
    assert "cret" not in "".join(traceback.format_exception(error))
    assert not server.calls


def test_blanks_around_a_key_are_not_sent(material: Material, serve: Any, settings: Any) -> None:
    server = serve()
    settings.OPENAI_API_KEY = f" {KEY}\n"

    write(material)

    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


# --- what it used ------------------------------------------------------------------------------------------------------


def test_tokens_of_both_calls_are_counted(material: Material, serve: Any, show: Show | None) -> None:
    serve(
        replace(model_server.other_shape(), usage={"prompt_tokens": 1000, "completion_tokens": 20}),
        Turn(usage={"prompt_tokens": 1100, "completion_tokens": 300}),
    )

    written = write(material, show=show)

    assert (written.tokens_in, written.tokens_out) == (2100, 320)


def test_what_was_paid_for_in_vain_is_told_with_the_failure(material: Material, serve: Any, show: Show | None) -> None:
    turn = replace(model_server.other_shape(), usage={"prompt_tokens": 1000, "completion_tokens": 20})
    serve(turn, turn)

    usage = fail(material, show=show).usage

    assert usage is not None
    assert (usage.engine, usage.tokens_in, usage.tokens_out) == ("openai:test-model", 2000, 40)
    assert usage.prompt


def test_a_refusal_costs_nothing(material: Material, serve: Any) -> None:
    serve(status(401))

    usage = fail(material).usage

    assert usage is not None
    assert (usage.tokens_in, usage.tokens_out, usage.cost) == (0, 0, None)


def test_the_version_of_the_prompt_is_told(material: Material, serve: Any) -> None:
    serve()

    assert re.fullmatch(r"\d+\.\d+", write(material).prompt)


def test_calls_wait_for_their_turn(material: Material, serve: Any, settings: Any) -> None:
    server = serve(delay=0.3)
    settings.STRATEGIES_MODEL_CONCURRENCY = 2

    async def run() -> list[Written]:
        engine = model.Model("openai:test-model")
        return await asyncio.gather(*(engine.write("performance_predictions", material) for _ in range(4)))

    asyncio.run(run())

    first, second, third, fourth = (call.time for call in server.calls)
    assert second - first < 0.25
    assert third - first >= 0.25
    assert fourth - first >= 0.25


def test_a_server_that_counts_nothing_costs_nobody_knows_what(
    material: Material, serve: Any, show: Show | None
) -> None:
    serve(Turn(usage=None))

    written = write(material, show=show)

    assert (written.tokens_in, written.tokens_out, written.cost) == (0, 0, None)


def test_a_count_beyond_all_counting_fits_into_its_column(material: Material, serve: Any, show: Show | None) -> None:
    serve(Turn(usage={"prompt_tokens": 10**15, "completion_tokens": 3}))

    written = write(material, show=show)

    assert (written.tokens_in, written.tokens_out) == (2**31 - 1, 3)


def test_an_own_server_has_no_price_whatever_its_model_is_called(material: Material, serve: Any) -> None:
    serve(Turn(model="gpt-4o"))

    written = write(material, name="openai:gpt-4o")

    assert written.cost is None


def test_what_openai_charges_is_known() -> None:
    reply = ModelResponse(
        parts=[],
        usage=RequestUsage(input_tokens=1_000_000, output_tokens=0),
        model_name="gpt-4o",
        provider_name="openai",
        provider_url=providers.OPENAI,
    )

    assert bill.price(reply) == pytest.approx(2.5)
    assert bill.Bill().add(reply).add(reply).cost == pytest.approx(5)
    assert bill.price(replace(reply, model_name="no-such-model")) is None


def test_the_cost_of_two_calls_is_unknown_where_one_is() -> None:
    known = ModelResponse(
        parts=[],
        usage=RequestUsage(input_tokens=10),
        model_name="gpt-4o",
        provider_name="openai",
        provider_url=providers.OPENAI,
    )

    assert bill.Bill().add(replace(known, model_name="mystery")).add(known).cost is None


def test_the_name_of_a_model_that_a_server_makes_up_is_bounded(
    material: Material, serve: Any, show: Show | None
) -> None:
    serve(Turn(model="m\x00" * 500))

    assert write(material, show=show).model == "m" * 200


# --- connections -------------------------------------------------------------------------------------------------------


def test_many_sections_are_written_side_by_side(material: Material, serve: Any) -> None:
    server = serve(delay=0.5)

    async def run() -> list[Written]:
        engine = model.Model("openai:test-model")
        return await asyncio.gather(*(engine.write("performance_predictions", material) for _ in range(30)))

    written = asyncio.run(run())

    assert len(written) == len(server.calls) == 30
    assert server.calls[-1].time - server.calls[0].time < 30 * 0.5 / 2


def test_a_cancelled_call_ends_at_once_and_leaves_nothing_open(material: Material, serve: Any) -> None:
    server = serve(delay=30)

    seconds, caught = cancel(material, when=lambda: server.calls)

    assert seconds < 20  # the whole takes minutes
    assert not [str(warning.message) for warning in caught if warning.category is ResourceWarning]


def test_nothing_stays_open_after_a_call(material: Material, serve: Any) -> None:
    serve(status(500), model_server.reset(), model_server.garbage())

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        write(material)
        gc.collect()

    assert not [str(warning.message) for warning in caught]


def test_the_clients_of_loops_that_ended_are_not_kept(material: Material, serve: Any) -> None:
    serve()
    gc.collect()
    before = len(client._clients), len(turns._turns)

    for _ in range(3):
        write(material)
    gc.collect()

    # The last one may stay until the next call.
    assert len(client._clients) <= before[0] + 1
    assert len(turns._turns) <= before[1] + 1


def test_the_web_server_does_not_load_the_model_libraries() -> None:
    code = (
        "import django, sys; django.setup()\n"
        "import config.urls, strategies.kinds, strategies.engines.choice as choice\n"
        "assert choice.of('offline').name == 'offline'\n"
        "loaded = {'pydantic_ai', 'openai', 'httpx2', 'genai_prices'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )

    root = Path(__file__).parents[2]
    environment = {**os.environ, **live.SETTINGS}
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, check=False)

    assert ran.returncode == 0, ran.stderr.decode()
