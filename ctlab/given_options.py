"""What was given on the command line and in the ini file: a setting's value, and where it stood, for a refusal."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ctlab.bound_models import NamedModel, split_models
from ctlab.errors import InputError
from ctlab.file_options import path_and_options, source_in
from ctlab.inputs import is_text

T = TypeVar("T")


class Config(Protocol):
    """What is read of a ``pytest.Config``."""

    @property
    def rootpath(self) -> Path:
        """Folder of the ini file."""

    @property
    def invocation_params(self) -> Any:
        """Among others ``dir``, where pytest was started."""

    def getoption(self, name: str, default: Any) -> Any:
        """Value of a command line option, None when it was not given."""

    def getini(self, name: str) -> Any:
        """Value from the ini file, empty when it was not given."""


class GivenOptions:
    """Finds a setting's value and where it was given, for the error message."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def given(self, name: str, *, ini: bool = True) -> tuple[str, Any]:
        """Say where a value was given, and which, None or empty where it was not."""
        key = "ctlab_" + name.replace("-", "_")
        value = self._config.getoption(key, None)
        if value not in (None, [], False):
            return f"--ctlab-{name}", value
        return f"ini option {key}", self._config.getini(key) if ini else None

    def _folder_of(self, where: str) -> Path:
        # As everywhere in pytest: what is typed is relative to where it is typed, the ini file to the root.
        return Path(self._config.invocation_params.dir) if where.startswith("--") else self._config.rootpath

    def text(self, name: str, default: str) -> str:
        """Read a text, never empty where it was typed."""
        where, value = self.given(name)
        if where.startswith("--") and not str(value).strip():
            raise InputError(f"{where} is empty; leave it out for the default ({default or 'none'})")
        return str(value).strip() if value else default

    def source(self, name: str, default: str) -> str:
        """Read an id that may also be a path, as it is where it was typed."""
        text = self.text(name, default)
        if text in ("", default) or self.given(name)[0].startswith("--"):
            return text
        return source_in(text, self._config.rootpath)

    def models(self) -> tuple[str, dict[str, NamedModel]]:
        """Read the run's own model, and those that conditions call by a name; what is typed wins, name by name."""
        plain, named = "tiny", dict[str, NamedModel]()
        for where, given in (
            ("ini option ctlab_model", self._config.getini("ctlab_model")),
            ("--ctlab-model", self._config.getoption("ctlab_model", None)),
        ):
            lines = given.splitlines() if isinstance(given, str) else given or ()
            folder = self._folder_of(where)
            found, others = split_models(
                [line for line in lines if line.strip() or where.startswith("--")], where, folder
            )
            if found is not None and not found:
                raise InputError(f"{where} is empty; leave it out for the default (tiny)")
            if not where.startswith("--"):
                found = found and source_in(found, folder)
                others = {name: replace(each, id=source_in(each.id, folder)) for name, each in others.items()}
            plain, named = found or plain, named | others
        return plain, named

    def switch(self, name: str, *, ini: bool = True) -> bool:
        """Read a switch."""
        return bool(self.given(name, ini=ini)[1])

    def value(self, name: str, parse: Callable[[str], T]) -> T | None:
        """Read a value by its rule, None where none was given."""
        where, value = self.given(name)
        if value in (None, ""):
            return None
        try:
            return parse(str(value).strip())
        except ValueError as error:
            raise InputError(f"{where} must be {error}, not {value!r}") from None

    def folder(self, name: str, default: str) -> Path:
        """Read a folder, or the default below the ini file's."""
        return self.optional_folder(name) or self._config.rootpath / default

    def optional_folder(self, name: str) -> Path | None:
        """Read a folder, None where none was given."""
        where, value = self.given(name)
        return self._folder_of(where) / Path(value).expanduser() if value else None

    def reasons(self, name: str) -> dict[str, str]:
        """Read ID=REASON, each id once; a reason is a sentence that a reader of the registry will want."""
        where, values = self.given(name, ini=False)
        reasons: dict[str, str] = {}
        for value in values or ():
            claim, _, reason = value.partition("=")
            if not claim.strip() or not reason.strip():
                raise InputError(f"{where} must be ID=REASON, with a claim's id and why it is withdrawn, not {value!r}")
            if not is_text(reason):
                raise InputError(f"{where}: the reason for {claim.strip()!r} is no UTF-8 text, which no file can hold")
            if reasons.setdefault(claim.strip(), reason.strip()) != reason.strip():
                raise InputError(f"{where} gives claim {claim.strip()!r} two reasons; leave one out")
        return reasons

    def recorded(self) -> dict[str, tuple[Path, dict[str, str]]]:
        """Read NAME=FILE or NAME=FILE?KEY=VALUE&…, each name once."""
        where, values = self.given("recorded")
        files: dict[str, tuple[Path, dict[str, str]]] = {}
        for value in values or ():
            name, equals, file = value.partition("=")
            if not equals or not file or not name.isidentifier():
                raise InputError(f"{where} must be NAME=FILE with a condition's name, not {value!r}")
            if name in files:
                raise InputError(f"{where} gives condition {name!r} twice: {files[name][0]} and {file}; leave one out")
            files[name] = _with_options(self._folder_of(where), file, where)
        return files


def _with_options(folder: Path, given: str, where: str) -> tuple[Path, dict[str, str]]:
    path, options = path_and_options(given, folder=folder, name=f"{where} {given}")
    return folder / Path(path).expanduser(), options
