"""Asking where topics stand: one query for all who ask while the one before is under way."""

import asyncio
from collections.abc import Callable, Coroutine
from itertools import islice
from typing import Any, Final

from . import border, rows
from .rows import Standing

BATCH: Final = 500


class Lookup:
    """
    Where topics stand in the rows, asked for one by one and read together.

    A thousand readers that come back at once cost a few queries instead of a thousand. What is answered was read after
    it was asked for: a reading that is under way already answers nobody who comes later.
    """

    def __init__(self, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._spawn = spawn
        self._asked: dict[str, asyncio.Future[Standing]] = {}
        self._reading = False

    async def standing(self, name: str) -> Standing:
        """Return where a topic stands; raises what the database raises."""
        answer = self._asked.get(name)
        if answer is None:
            answer = self._asked[name] = asyncio.get_running_loop().create_future()
        if not self._reading:
            self._reading = True
            self._spawn(self._read())
        return await asyncio.shield(answer)

    async def _read(self) -> None:
        try:
            while self._asked:
                names = list(islice(self._asked, BATCH))
                answers = {name: self._asked.pop(name) for name in names}
                await _answer(answers)
        finally:
            self._reading = False


async def _answer(answers: dict[str, asyncio.Future[Standing]]) -> None:
    try:
        found = await border.cross(rows.standings, answers)
    except Exception as error:  # noqa: BLE001 - raised for each of those who asked
        for answer in answers.values():
            if not answer.done():
                answer.set_exception(error)
                answer.exception()  # noted: whoever asked may have left
        return
    for name, answer in answers.items():
        if not answer.done():
            answer.set_result(found[name])
