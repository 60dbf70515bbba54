"""The JSON file and its schema."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies import sections
from strategies.exports import json_
from tests.strategies import canonical
from tests.strategies.exports import samples


def exported(owner: User, document: dict[str, Any]) -> dict[str, Any]:
    version = samples.store(owner, canonical.request("full"), document)
    told: dict[str, Any] = json.loads(json_.render(version, site="https://example.com"))
    return told


@pytest.mark.parametrize("name", ["analytics-saas", "bakery", "pumpen", "shortest", "full"])
def test_a_file_keeps_the_schema_that_it_names(owner: User, name: str) -> None:
    told = exported(owner, canonical.made(canonical.request(name)) | {"calendar": samples.calendar()})

    json_.StrategyExport.model_validate(told, strict=True)
    assert told["$schema"] == "https://example.com/api/schemas/strategy.json"


def test_a_failed_section_keeps_the_schema_and_its_reason(owner: User) -> None:
    document = samples.failed(canonical.made(canonical.request("full")), "risk_assessment", "No answer in time.")

    told = exported(owner, document)

    json_.StrategyExport.model_validate(told, strict=True)
    assert told["document"]["sections"][4]["reason"] == "No answer in time."


def test_what_is_no_section_breaks_the_schema(owner: User) -> None:
    document = canonical.made(canonical.request("full"))
    document["sections"][0]["data"]["insights"][0]["priority"] = "Utmost"

    with pytest.raises(ValueError, match="priority"):
        json_.StrategyExport.model_validate(exported(owner, document))


def test_the_schema_names_every_section_and_is_part_of_the_api_description(client: Client) -> None:
    components = client.get("/api/openapi.json").json()["components"]["schemas"]

    described = components["StrategyExport"]
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(components)))
    assert described["required"] == ["$schema", "format", "strategy", "version", "document"]
    assert named <= components.keys()
    assert all(f'"const": "{key}"' in json.dumps(json_.schema()) for key in sections.KEYS)


@pytest.mark.attack(18)
def test_data_are_given_as_they_are_stored(owner: User) -> None:
    document = samples.planted(canonical.made(canonical.request("full")))

    assert exported(owner, document)["document"] == document
