"""The API's description of itself."""

import json
from typing import Any

import pytest
from django.test import Client

from config.api import api
from sse import events


@pytest.fixture
def described() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema()))  # type: ignore[no-any-return]


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    text = json.dumps(described)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert names <= set(described["components"]["schemas"])
    assert {"Event", "EventPage", "Brief"} <= names


def test_the_event_is_described_with_its_types(described: dict[str, Any]) -> None:
    assert described["components"]["schemas"]["Event"]["properties"]["type"]["enum"] == list(events.TYPES)


def test_the_addresses_of_the_contract_are_there(described: dict[str, Any]) -> None:
    paths = {path.removeprefix("/api"): set(methods) for path, methods in described["paths"].items()}

    assert paths["/jobs/{id}"] == {"get"}
    assert paths["/jobs/{id}/events"] == {"get"}
    assert paths["/strategies"] == {"get", "post"}
    assert paths["/strategies/{id}"] == {"get", "patch", "delete"}
    assert {"/jobs/{id}/cancel", "/jobs/{id}/retry", "/jobs/{id}/commands", "/strategies/{id}/document"} <= set(paths)


def test_a_job_is_described_with_the_kinds_and_what_each_takes(described: dict[str, Any]) -> None:
    job = described["components"]["schemas"]["JobIn"]
    body = described["paths"]["/api/strategies/{id}/jobs"]["post"]["requestBody"]

    assert set(job["properties"]["kind"]["enum"]) >= {"strategy", "calendar", "section"}
    assert job["properties"]["start"]["description"] == "For calendar."
    assert body["content"]["application/json"]["schema"]["$ref"] == "#/components/schemas/JobIn"


def test_the_life_of_a_strategy_is_described_with_what_each_operation_takes(described: dict[str, Any]) -> None:
    paths = {path.removeprefix("/api/strategies/{id}/"): members for path, members in described["paths"].items()}
    verbs = ["activate", "pause", "resume", "deactivate", "archive", "unarchive", "duplicate"]

    assert all(paths[verb].keys() == {"post"} and paths[verb]["post"]["summary"] for verb in verbs)
    assert paths["versions"].keys() == paths["versions/compare"].keys() == {"get"}
    assert paths["versions/{number}/restore"].keys() == {"post"}
    named = {each["name"] for each in paths["versions/compare"]["get"]["parameters"]}
    assert {"from", "to"} <= named
    for path, verb, members in (
        ("sections/{key}", "patch", {"version", "texts", "data", "note"}),
        ("sections/{key}/review", "post", {"reviewed", "note", "version"}),
    ):
        body = paths[path][verb]["requestBody"]["content"]["application/json"]["schema"]
        schema = described["components"]["schemas"][body["$ref"].rpartition("/")[2]]
        assert schema["properties"].keys() == members


def test_the_description_is_served(client: Client) -> None:
    assert client.get("/api/openapi.json").json()["info"]["title"] == "Strategy Stream"
