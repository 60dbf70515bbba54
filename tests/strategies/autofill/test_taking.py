"""Taking values over: gaps are filled, the user's own entries stay."""

from typing import Any

import pytest

from strategies import brief
from strategies.autofill import taking


def value(id: str, path: str, part: dict[str, Any], *, own: bool = False) -> dict[str, Any]:
    return {"id": id, "path": path, "part": part, "own": own}


GOAL = value("1", "business_objectives", {"business_objectives": ["Win 30 contracts"]})
OTHER = value("2", "business_objectives", {"business_objectives": ["Open a shop"]})
BUDGET = value("3", "content_budget", {"content_budget": {"amount": 2_500, "currency": "EUR"}})
VISITS = value("4", "performance_metrics.traffic", {"performance_metrics": {"traffic": 1_200}})
RIVAL = value("5", "top_competitors", {"top_competitors": [{"name": "Ditsch", "weakness": "Frozen"}]})
TONE = value("6", "brand_voice.tones", {"brand_voice": {"tones": ["Friendly"]}})
MIX = value("7", "content_mix", {"content_mix": {"videos": 100}})
NAME = value("8", "name", {"name": "Spring"}, own=True)
ALL = [GOAL, OTHER, BUDGET, VISITS, RIVAL, TONE, MIX, NAME]


def test_an_empty_brief_takes_all() -> None:
    taken = taking.merge({}, {}, ALL)

    assert taken.ids == [each["id"] for each in ALL]
    assert taken.own == {"name": "Spring"}
    assert taken.brief == {
        "business_objectives": ["Win 30 contracts", "Open a shop"],
        "content_budget": {"amount": 2_500, "currency": "EUR"},
        "performance_metrics": {"traffic": 1_200},
        "top_competitors": [{"name": "Ditsch", "weakness": "Frozen"}],
        "brand_voice": {"tones": ["Friendly"]},
        "content_mix": {"videos": 100},
    }
    assert brief.clean_partial(taken.brief) == taken.brief


MINE: dict[str, Any] = {
    "business_objectives": ["Bake"],
    "content_budget": {"amount": 9, "currency": ""},
    "performance_metrics": {"bounce_rate": 54, "traffic": 7},
    "top_competitors": [{"name": "ditsch", "strength": "Cheap"}],
    "brand_voice": {"tones": ["Casual"], "dos": ["Name prices"]},
    "content_mix": {"blog_posts": 100},
}


def test_no_entry_of_the_users_own_is_touched_unasked() -> None:
    taken = taking.merge({"name": "Mine"}, MINE, ALL)

    assert taken.ids == []
    assert (taken.own, taken.brief) == ({"name": "Mine"}, MINE)


def test_a_member_is_filled_beside_those_that_are_there() -> None:
    taken = taking.merge({}, {"performance_metrics": {"bounce_rate": 54}}, [VISITS])

    assert taken.brief == {"performance_metrics": {"bounce_rate": 54, "traffic": 1_200}}


def test_what_is_named_replaces_a_single_entry_and_is_added_to_a_list() -> None:
    taken = taking.merge({"name": "Mine"}, MINE, ALL, {each["id"] for each in ALL})

    assert taken.own == {"name": "Spring"}
    assert taken.brief == {
        "business_objectives": ["Bake", "Win 30 contracts", "Open a shop"],
        "content_budget": {"amount": 2_500, "currency": "EUR"},
        "performance_metrics": {"bounce_rate": 54, "traffic": 1_200},
        "top_competitors": [{"name": "ditsch", "strength": "Cheap"}],
        "brand_voice": {"tones": ["Casual", "Friendly"], "dos": ["Name prices"]},
        "content_mix": {"videos": 100},
    }


def test_only_what_is_named_is_taken() -> None:
    taken = taking.merge({}, {}, ALL, {"3"})

    assert (taken.ids, taken.own, list(taken.brief)) == (["3"], {}, ["content_budget"])


@pytest.mark.parametrize("chosen", [set(), {"99"}])
def test_nothing_named_is_nothing_taken(chosen: set[str]) -> None:
    assert taking.merge({}, {}, ALL, chosen).ids == []


def test_what_was_there_is_not_changed_in_place() -> None:
    before = {"business_objectives": ["Bake"], "performance_metrics": {"bounce_rate": 54}}

    taking.merge({}, before, ALL, {"1", "4"})

    assert before == {"business_objectives": ["Bake"], "performance_metrics": {"bounce_rate": 54}}
