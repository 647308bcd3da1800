"""Hostile cases that tests hold one by one, as lists that can be counted, and what comes of reading one."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any
from unittest import mock

from benchmarks.faults_outcomes import Outcome
from benchmarks.fuzz import no_sentence, raised
from ctlab.errors import CtlabError

Came = tuple[Outcome, str]
"""What came of a case, and why where it is harm."""


class Reached(BaseException):
    """The network was asked for an address: nothing that catches errors hides it."""


def cases(test: Callable[..., None]) -> list[dict[str, Any]]:
    """The parameters that a test of pytest is run with: every combination of its ``parametrize`` marks."""
    tables = []
    for mark in test.pytestmark:  # type: ignore[attr-defined]
        if mark.name == "parametrize":
            names, values = mark.args[0], mark.args[1]
            names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
            tables.append([dict(zip(names, each if len(names) > 1 else (each,), strict=True)) for each in values])
    return [{name: value for part in parts for name, value in part.items()} for parts in product(*tables)]


def came_of(read: Callable[[], Any], judge: Callable[[Any], Outcome]) -> Came:
    """Read something hostile, out of reach of any network; ``judge`` says what it means that it was read."""
    try:
        with _unreachable():
            value = read()
    except CtlabError as error:
        why = no_sentence(str(error))
        return (Outcome.WRONG, why) if why else (Outcome.REFUSED, "")
    except (Reached, SystemExit) as error:
        return Outcome.WRONG, f"{type(error).__name__}: {error}"
    except Exception as error:
        return Outcome.TRACEBACK, raised(error)
    outcome = judge(value)
    return outcome, "it was read" if outcome is Outcome.WRONG else ""


def forbidden(value: Any) -> Outcome:
    """Judge what must be refused."""
    return Outcome.WRONG


def allowed(value: Any) -> Outcome:
    """Judge what may be read."""
    return Outcome.UNNOTICED


@contextmanager
def _unreachable() -> Iterator[None]:
    """No address is had, whatever the environment says about being offline."""

    def asked(host: Any, *_: Any, **__: Any) -> Any:
        raise Reached(f"the network was asked for {host}")

    online = {name: value for name, value in os.environ.items() if not name.endswith("_OFFLINE")}
    with mock.patch.dict(os.environ, online, clear=True), mock.patch.object(socket, "getaddrinfo", asked):
        yield
