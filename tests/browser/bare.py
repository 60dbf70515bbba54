"""
Tabs that nobody tends: spoken to in the browser's own protocol.

Playwright keeps each of its pages visible, whatever happens, and so none of them can be frozen or kept in the browser's
cache. It leaves alone what it did not open.
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from tests import live


class Bare:
    """A window of a browser, with the cookies of somebody who is signed in at ``url``."""

    def __init__(self, browser: Browser, url: str, cookies: Mapping[str, str]) -> None:
        self.url = url
        self._answers: dict[int, dict[str, Any]] = {}
        self._numbers = itertools.count(1)
        self._session = browser.new_browser_cdp_session()
        self._session.on("Target.receivedMessageFromTarget", self._receive)
        self._context = self._session.send("Target.createBrowserContext")["browserContextId"]
        asked = [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
        self._session.send("Storage.setCookies", {"cookies": asked, "browserContextId": self._context})

    def open(self, path: str, *, prepare: str = "") -> "Tab":
        """Open a page in a tab of its own; ``prepare`` is a script that runs before the page's own."""
        target = self._session.send(
            "Target.createTarget", {"url": "about:blank", "browserContextId": self._context, "newWindow": True}
        )["targetId"]
        attached = self._session.send("Target.attachToTarget", {"targetId": target, "flatten": False})
        tab = Tab(self, attached["sessionId"])
        tab.call("Page.enable")
        tab.call("Page.addScriptToEvaluateOnNewDocument", source=prepare)
        tab.visit(path)
        return tab

    def close(self) -> None:
        """Close the window."""
        self._session.send("Target.disposeBrowserContext", {"browserContextId": self._context})
        self._session.detach()

    def say(self, session: str, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Call a method of a tab."""
        number = next(self._numbers)
        message = json.dumps({"id": number, "method": method, "params": parameters})
        self._session.send("Target.sendMessageToTarget", {"sessionId": session, "message": message})
        # Answers are handled while something is asked.
        live.wait_for(lambda: self._session.send("Browser.getVersion") and number in self._answers, what=method)
        answer = self._answers.pop(number)
        assert "error" not in answer, answer
        return answer["result"]  # type: ignore[no-any-return]

    def _receive(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self._answers[message["id"]] = message


@dataclass
class Tab:
    """One of its tabs."""

    window: Bare
    session: str

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the browser's protocol."""
        return self.window.say(self.session, method, parameters)

    def evaluate(self, expression: str) -> Any:
        """Return what an expression is on the page; None while there is none to be asked."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def visit(self, path: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=self.window.url + path)

    def back(self) -> None:
        """Go back, as by the browser's button."""
        history = self.call("Page.getNavigationHistory")
        self.call("Page.navigateToHistoryEntry", entryId=history["entries"][history["currentIndex"] - 1]["id"])

    def live_on(self, state: str) -> None:
        """Become ``frozen``, as browsers make tabs that nobody looks at, or ``active`` again."""
        self.call("Page.setWebLifecycleState", state=state)

    def until(self, expression: str, value: Any = True) -> None:
        """Wait until an expression has a value."""
        live.wait_for(lambda: self.evaluate(expression) == value, what=f"{expression} to be {value}")
