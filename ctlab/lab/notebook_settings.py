"""What a notebook asks of a lab, read and checked as the command line is: one list of settings, one list of rules."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ctlab.errors import InputError
from ctlab.settings import Settings


class _Given:
    """Arguments of a call in the place of a command line; there is no ini file."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = {f"ctlab_{name}": str(value) for name, value in given.items() if value is not None}
        self.rootpath = Path.cwd()
        self.invocation_params = SimpleNamespace(dir=self.rootpath)

    def getoption(self, name: str, default: Any) -> Any:
        return self._given.get(name, default)

    def getini(self, name: str) -> Any:
        return None


def notebook_settings(**given: Any) -> Settings:
    """Return settings from arguments by their options' names; InputError names the argument that is wrong."""
    try:
        return Settings.from_config(_Given(given))
    except InputError as error:
        said = str(error)
        for name in given:
            said = said.replace(f"--ctlab-{name.replace('_', '-')}", name)
        raise InputError(said) from None
