"""What a run will make, how long it usually takes and what it costs: said before it is started."""

import dataclasses
import math
from typing import TYPE_CHECKING, Final

from django.conf import settings

from strategies import budgets, kinds, pace, sections
from strategies.start import uses
from strategies.start.uses import Use

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# From here on nobody counts seconds.
LONG_SECONDS: Final = 90


@dataclasses.dataclass(frozen=True, kw_only=True)
class Contract:
    """
    What the one who starts a run may count on.

    ``seconds`` are the quartiles of earlier runs, None before there are enough of them; so is ``use`` what a run used.
    ``left`` is what remains of the tokens that the user may use ``of`` today, None without a limit.
    """

    sections: tuple[str, ...]
    steps: int
    model: str
    seconds: tuple[float, float] | None
    use: Use | None
    left: int | None
    of: int

    @property
    def usually(self) -> str:
        """How long it usually takes, "20–40 s" or "2–3 min"; empty where nobody knows."""
        if self.seconds is None:
            return ""
        low, high = self.seconds
        if high < LONG_SECONDS:
            ends, unit = (max(1, math.floor(low)), math.ceil(high)), "s"
        else:
            ends, unit = (max(1, round(low / 60)), math.ceil(high / 60)), "min"
        return f"{ends[0]} {unit}" if ends[0] == ends[1] else f"{ends[0]}–{ends[1]} {unit}"


def read(user: "User") -> Contract:
    """Return what holds for a run that is started now."""
    kind, engine = kinds.get("strategy"), settings.STRATEGIES_MODEL
    measured = pace.quartiles(kind, engine)
    is_offline = engine == "offline"
    return Contract(
        sections=tuple(sections.TITLES[key] for key in sections.KEYS),
        steps=len(kind.steps),
        model="" if is_offline else engine.partition(":")[2] or engine,
        seconds=(sum(q[0] for q in measured.values()), sum(q[2] for q in measured.values())) if measured else None,
        use=None if is_offline else uses.usual(kind, engine),
        left=budgets.left(user, engine=engine),
        of=settings.STRATEGIES_TOKENS_PER_USER_PER_DAY,
    )
