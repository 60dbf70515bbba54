"""
Finding values by rules: what stands in a text in so many words, in English or simple German.

Modest on purpose. A label with its value ("Budget: 2,500 EUR a month") is believed; a sentence that says something by the
usual words is taken with less confidence; nothing is concluded.
"""

from strategies.autofill.draft import MOST

from . import labels, sentences

Finding = dict[str, str]


def find(text: str) -> list[Finding]:
    """Return the values that stand in a text, the surest first."""
    found = [*labels.find(text), *sentences.find(text)]
    distinct = {(each["field"], each["of"], each["value"].casefold()): each for each in reversed(found)}
    return [each for each in found if distinct.get((each["field"], each["of"], each["value"].casefold())) is each][
        :MOST
    ]
