"""A file, and behind a question mark how it is read: ``wide.csv?answer=pred&id=qid``; one spelling everywhere."""

import os
from pathlib import Path
from urllib.parse import unquote

from ctlab.errors import CtlabError, InputError
from ctlab.inputs import shown


def path_and_options(
    text: str, *, folder: Path | None = None, name: str = "", error: type[CtlabError] = InputError
) -> tuple[str, dict[str, str]]:
    """Split a file from the options behind its last question mark; a file that is called so is taken whole.

    Parameters
    ----------
    text : str
        What was written; a value may be percent-encoded, so that it can hold ``&``.
    folder : Path, optional
        What a relative path is relative to; by default the working directory.
    name : str, optional
        What a refusal calls it; by default the text.
    error : type of error, optional
        What a refusal is.
    """
    path, mark, behind = text.rpartition("?")
    if not mark or not path or os.path.lexists((folder or Path()) / Path(text).expanduser()):
        return text, {}
    name = name or text
    options: dict[str, str] = {}
    for part in behind.split("&"):
        key, equals, value = part.partition("=")
        if not equals or not key:
            raise error(
                f"{name}: behind the question mark stands NAME=VALUE, with & between several, not {shown(part)}; "
                "write for instance ?id=COLUMN"
            )
        if key in options:
            raise error(f"{name}: {key} is said twice behind the question mark; say it once")
        options[key] = unquote(value)
    return path, options


def source_in(text: str, folder: Path) -> str:
    """Return an id as it is, and one that is a path in a folder, such as the ini file's, as it is from anywhere.

    What stands behind a question mark, as in ``mine.csv?gold=label``, is no part of the path.
    """
    path, _ = path_and_options(text, folder=folder)
    return str(folder / text) if (folder / path).exists() else text
