"""Which engine writes: chosen by its name, made once for each process."""

import functools

from strategies.engines import Engine


@functools.cache
def of(name: str) -> Engine:
    """
    Return the engine called ``offline``, or ``provider:model``.

    The model engine is imported here and not before: its libraries take two seconds to load, which the web server and
    ``manage.py`` need not wait for.
    """
    if name == "offline":
        from strategies.engines import offline

        return offline.Offline()
    from strategies.engines import model

    return model.Model(name)
