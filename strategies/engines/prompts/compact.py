"""
What a small model is asked: a sixth of the usual words, in the order in which a server can keep what it has read.

Of a job's sections all but the last lines are the same, so a server that keeps the beginning of a prompt (llama.cpp,
Ollama, vLLM) reads the client once. The answer's form is left to the schema that the server holds the model to.
"""

import json
from collections.abc import Mapping
from string import Template
from typing import Any

from django.utils.crypto import salted_hmac

from strategies import brief, document
from strategies.engines import Material
from strategies.engines.prompts import TEXTS, Prompt, block
from strategies.sections import composition

_NAME = "compact"
CLOSING = "Write the part “$title” now."


def has(section: str) -> bool:
    """Whether there is a short text for a section; what else an engine is asked for has its usual one."""
    return f"{_NAME}_{section}" in TEXTS


def ask(section: str, material: Material, *, title: str, schema: Mapping[str, Any] | None = None) -> Prompt:
    """Return what to ask for a section; ``schema`` is told where the server would not hold the answer to it."""
    (version, rules), (section_version, task) = TEXTS[_NAME], TEXTS[f"{_NAME}_{section}"]
    border = _border(material)
    blocks = [block(name, content, border) for name, content in _contents(material).items()]
    form = [f"The object is valid by this JSON schema: {json.dumps(schema, ensure_ascii=False)}"] if schema else []
    return Prompt(
        system=Template(rules).substitute(border=border),
        user="\n\n".join([*blocks, task, *form, Template(CLOSING).substitute(title=title)]),
        version=f"{_NAME} {version}.{section_version}",
    )


def _border(material: Material) -> str:
    """
    Return a border that nobody can guess, the same for all sections of a brief.

    A model may be made to repeat it, and then it stands in a later prompt; but there, as in all blocks, inside a line.
    """
    asked = json.dumps([material.name, material.industry, material.brief], ensure_ascii=False)
    return salted_hmac("strategies.prompts", asked, algorithm="sha256").hexdigest()[:12]


def _contents(material: Material) -> dict[str, object]:
    """Return the blocks, those that differ from section to section last."""
    answers = {field.id: said for field, said in brief.describe(material.brief)}
    contents: dict[str, object] = {
        "client": {"strategy": material.name, "industry": material.industry, "answers": answers},
        "plan": _plan(material.foundation),
    }
    positioning = material.earlier.get("strategic_insights", {}).get("positioning")
    if positioning:
        contents["positioning"] = positioning["statement"]
    if material.instruction:
        contents["wish"] = material.instruction
    return contents


def _plan(foundation: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "aim": document.tell_aim(foundation),
        "volume": document.tell_volume(foundation),
        "budget": composition.tell_budget(foundation["budget"]),
        "phases": [
            {
                "key": phase["key"],
                "name": phase["name"],
                "months": f"{phase['start_month']}–{phase['end_month']}",
                "pieces": phase["pieces"],
            }
            for phase in foundation["phases"]
        ],
    }
