"""What pytest would take the settings from here, without pytest: a command's defaults are those of the claims."""

import configparser
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ctlab.errors import InputError
from ctlab.settings import Settings

# Each ini file that pytest knows, in its order, with the table that holds its options; the first four are pytest's
# own, and count also where they are empty (docs.pytest.org/en/stable/reference/customize.html).
_FILES = (
    ("pytest.toml", ("pytest",)),
    (".pytest.toml", ("pytest",)),
    ("pytest.ini", ("pytest",)),
    (".pytest.ini", ("pytest",)),
    ("pyproject.toml", ("tool", "pytest")),
    ("tox.ini", ("pytest",)),
    ("setup.cfg", ("tool:pytest",)),
)
_PYTESTS_OWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class IniConfig:
    """The ini options of a folder, as far as `Settings` reads a ``pytest.Config``."""

    rootpath: Path
    """Folder of the ini file; where there is none, the folder that was asked about."""
    here: Path
    """Where the command was typed."""
    options: Mapping[str, Any]
    """Options by name, as they stand in the file."""
    typed: Mapping[str, Any]
    """What stands on the command line, by the name of the option."""

    @property
    def invocation_params(self) -> Any:
        """Where the command was typed, as ``dir``."""
        return SimpleNamespace(dir=self.here)

    def getoption(self, name: str, default: Any) -> Any:
        """What was typed."""
        return self.typed.get(name, default)

    def getini(self, name: str) -> Any:
        """What the ini file says, None where it says nothing."""
        return self.options.get(name)


def settings_here(here: Path, *, store: str | None) -> tuple[Settings, Path]:
    """Read where the store and the registry are as pytest would, and the folder that it calls its root.

    ``store`` was typed, and comes before what the ini file says.
    """
    root, options = _nearest(here.resolve())
    # Of a run's settings these two alone matter here: what else is wrong with an ini file, pytest says.
    asked = {name: value for name, value in options.items() if name in ("ctlab_store", "ctlab_registry")}
    config = IniConfig(rootpath=root, here=here, options=asked, typed={"ctlab_store": store})
    return Settings.from_config(config), root


def _nearest(here: Path) -> tuple[Path, Mapping[str, Any]]:
    """Return the folder and the options of the first ini file in a folder or above it."""
    for folder in (here, *here.parents):
        for rank, (name, table) in enumerate(_FILES):
            path = folder / name
            options = _options(path, table) if path.is_file() else None
            if options is not None or (rank < _PYTESTS_OWN and path.is_file()):
                return folder, options or {}
    return here, {}


def _options(path: Path, table: tuple[str, ...]) -> Mapping[str, Any] | None:
    """Return the options in one file, None where it holds none of pytest's."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".toml":
            return _of_toml(tomllib.loads(text), table)
        parser = configparser.ConfigParser(interpolation=None)
        parser.read_string(text)
        return dict(parser[table[0]]) if parser.has_section(table[0]) else None
    except (OSError, ValueError, RecursionError, configparser.Error) as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{path} cannot be read as pytest's ini file: {first}; mend it, or go elsewhere") from None


def _of_toml(content: Any, table: tuple[str, ...]) -> Mapping[str, Any] | None:
    for name in table:
        content = content.get(name, {}) if isinstance(content, dict) else {}
    # pyproject.toml has had `ini_options` below the table, and since pytest 9 the table itself.
    options = content.get("ini_options", content) if isinstance(content, dict) else {}
    return options if isinstance(options, dict) and options else None
