"""A suite of claims to begin with: its files, under a name of one's own, written as a whole or not at all.

`docs/example` is what this writes for the name my-paper; its readers and its tests are those of the templates.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from ctlab import __version__
from ctlab.errors import InputError
from ctlab.files import publish_folder
from ctlab.inputs import read_text

TEMPLATES = Path(__file__).parent / "suite"
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_EXAMPLE, _EXAMPLE_MODULE, _VERSION = "my-paper", "my_paper", "CTLAB_VERSION"
"""What stands in the templates for the family's name, for it in a module's name, and for the version that is pinned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteFile:
    """One file of a new suite."""

    place: str
    """Where it stands in the suite; ``my_paper`` is the suite's name."""
    template: str
    """Its text, a file in `TEMPLATES`."""
    about: str
    """What it is for, in a few words."""


FILES = (
    SuiteFile(place="pytest.ini", template="pytest.ini", about="where the claims and their registry are"),
    SuiteFile(place="conftest.py", template="conftest.py", about="lets pytest see the bench"),
    SuiteFile(place="bench.py", template="bench.py", about="the conditions, and a fixture for each"),
    SuiteFile(place="claims/registry.py", template="registry.py", about="every claim, as data"),
    SuiteFile(place="claims/test_my_paper.py", template="test.py", about="the test that judges each claim"),
    SuiteFile(place="README.md", template="README.md", about="the steps, from registering to CI"),
    SuiteFile(place="requirements.txt", template="requirements.txt", about=f"ctlab {__version__}, for CI and others"),
    SuiteFile(place=".github/workflows/claims.yml", template="claims.yml", about="the claims as a gate in CI"),
    SuiteFile(place=".gitignore", template="gitignore", about="reports and answers stay out of git"),
)


def suite(name: str) -> Mapping[str, str]:
    """Return the text of each file of a suite by its place; InputError where the name is none."""
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be a suite's name: it is lower-case letters and digits (a to z, 0 to 9), in words joined "
            f"by hyphens or underscores, such as {_near(name) or _EXAMPLE}"
        )
    return {_named(file.place, name): _named(_template(file.template), name) for file in FILES}


def _near(name: str) -> str:
    """Return the nearest name that a suite can have, "my-paper-2" of "My Paper 2"; empty where no letter is left."""
    plain = normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))


def write_suite(folder: Path) -> Mapping[str, str]:
    """Write a suite into a folder that is not there yet, whose name is the suite's; return what each file is for.

    InputError, and nothing is left behind, where the name is none, the place is taken or cannot be written to.
    """
    texts = suite(folder.name)
    if os.path.lexists(folder):  # a link that leads nowhere is somebody's too
        raise InputError(f"{folder} is there already, and nothing in it was changed; choose another name")
    if not folder.parent.is_dir():
        raise InputError(f"{folder} cannot be made: there is no folder {folder.parent}; make it first")
    publish_folder(
        folder,
        {place: text.encode() for place, text in texts.items()},
        error=InputError,
        advice="choose a place that you may write to, such as your home folder",
    )
    return {_named(file.place, folder.name): file.about for file in FILES}


def _template(name: str) -> str:
    advice = "it comes with ctlab: install ctlab again"
    return read_text(TEMPLATES / f"{name}.template", error=InputError, advice=advice)


def _named(text: str, name: str) -> str:
    family, module = name.replace("_", "-"), name.replace("-", "_")
    return text.replace(_EXAMPLE, family).replace(_EXAMPLE_MODULE, module).replace(_VERSION, __version__)
