"""What a notebook asks of a lab, read and checked as the command line is: one list of settings, one list of rules."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.settings import Settings


class _Given:
    """Arguments of a call in the place of a command line; there is no ini file."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        asked = {name: value for name, value in given.items() if value not in (None, [])}
        written = {name: value if isinstance(value, list | dict) else str(value) for name, value in asked.items()}
        self._given = {f"ctlab_{name}": value for name, value in written.items()}
        self.rootpath = Path.cwd()
        self.invocation_params = SimpleNamespace(dir=self.rootpath)

    def getoption(self, name: str, default: Any) -> Any:
        return self._given.get(name, default)

    def getini(self, name: str) -> Any:
        return None


def recorded_files(given: Any, model: Any) -> list[str]:
    """Return files of recorded answers as the command line has them, of a table from conditions' names to files."""
    if given is None:
        return []
    example = 'recorded={"baseline": "a.jsonl", "ct0_blocked": "b.jsonl"}'
    if not isinstance(given, Mapping) or not given:
        raise InputError(f"recorded is a table from conditions' names to files, not {shown(given)}; write {example}")
    for name, file in given.items():
        if not isinstance(name, str) or not name.isidentifier() or not isinstance(file, str | os.PathLike):
            raise InputError(f"recorded: {shown(name)} stands for {shown(file)}; write a name and a file, {example}")
    if model != "tiny":  # as where nobody named one
        raise InputError(f"recorded answers need no model, and {shown(model)} would not be asked; leave one out")
    return [f"{name}={os.fspath(file)}" for name, file in given.items()]


def notebook_settings(**given: Any) -> Settings:
    """Return settings from arguments by their options' names; InputError names the argument that is wrong."""
    for name in ("store", "base"):
        if not isinstance(given.get(name), str | os.PathLike | None):
            raise InputError(
                f"{name} is the path of a folder, not {shown(given[name])}; write where it lies, in quotes"
            )
    if given.get("recorded") and given.get("settings"):
        raise InputError("recorded answers need no model, and settings say how one is loaded; leave one out")
    try:
        return Settings.from_config(_Given(given))
    except InputError as error:
        said = str(error)
        for name in given:
            said = said.replace(f"--ctlab-{name.replace('_', '-')}", name)
        raise InputError(said) from None
