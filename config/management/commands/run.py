"""``manage.py run``: everything on one machine, under one supervisor. What ``make run`` becomes."""

import fcntl
import os
import secrets
import signal
import sys
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import supervisor

DEMO_USER = "demo"


class Command(BaseCommand):
    """Migrates, makes the demo account, and keeps Redis, a worker and the web server running."""

    help = "Run Redis (unless REDIS_URL is set), a worker and the web server until Ctrl-C."

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run it; what it and its children keep in the data folder, sessions too, is for this account alone."""
        os.umask(0o077)  # before the checks: they ask the database, which makes its file
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        if supervisor.listening(settings.PORT)():
            raise CommandError(f"Something listens on port {settings.PORT} already; choose another with PORT=…")
        self._hold_folder()
        self._say(f"Preparing the database ({settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]})")
        call_command("migrate", verbosity=0, interactive=False)
        password = self._demo_account()
        keeper = supervisor.Supervisor(self._children(), say=self._say)

        def stop(number: int, frame: FrameType | None) -> None:
            keeper.stop()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        keeper.run(ready=lambda: self._welcome(password))

    def _hold_folder(self) -> None:
        """Refuse to run beside another: two embedded Redis servers would take each other's socket."""
        if settings.REDIS_SOCKET is None:
            return
        # Kept open for as long as this process lives, and no longer: no child inherits it.
        self._lock = (settings.DATA_DIR / "run.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"Another make run uses {settings.DATA_DIR}; stop it, or choose another folder with DATA_DIR=…"
            ) from None

    def _children(self) -> list[supervisor.Child]:
        manage = [sys.executable, "manage.py"]
        children = []
        if settings.REDIS_SOCKET is not None:
            children.append(supervisor.redis(settings.REDIS_SOCKET, settings.DATA_DIR / "redis"))
        children.append(supervisor.Child("web server", [*manage, "serve"], ready=supervisor.listening(settings.PORT)))
        children.append(supervisor.Child("worker", [*manage, "worker"]))
        return children

    def _demo_account(self) -> str | None:
        """Make the demo account, or give it ``DEMO_PASSWORD``; return its password, None where it stays unknown."""
        users = get_user_model()._default_manager
        user = users.filter(username=DEMO_USER).first()
        kept = settings.DATA_DIR / "demo_password"
        password: str = settings.DEMO_PASSWORD
        if user is not None and not password:
            return kept.read_text() if kept.exists() else None
        password = password or secrets.token_urlsafe(9)
        if user is None:
            users.create_superuser(DEMO_USER, password=password)
        elif not user.check_password(password):
            user.set_password(password)
            user.save()
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(password)
        return password

    def _welcome(self, password: str | None) -> None:
        shown = password or "(set before; give it anew with DEMO_PASSWORD=… make run)"
        host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
        self.stdout.write(
            f"\n  Strategy Stream is ready:  http://{host}:{settings.PORT}/\n"
            f"  Sign in as                 {DEMO_USER}\n"
            f"  Password                   {shown}\n"
            f"  Stop with                  Ctrl-C\n\n"
        )
        self.stdout.flush()

    def _say(self, text: str) -> None:
        self.stdout.write(f"· {text}")
        self.stdout.flush()
