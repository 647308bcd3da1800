"""Where files lie on this machine is nobody's business: a report names them from the folder of the run, or by name."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePath, PureWindowsPath

_THEIR_WORDS = ("examples", "hesitations", "contradictions")
"""Parts of a report that quote problems and answers word for word: what looks like a path there is what was written."""
_MENTION = re.compile(
    # A path from the root: not the rest of an address, a relative path, a fraction or "and/or".
    r"(?<![\w.~/:<>\-])(?:file://)?(?P<posix>/[^\s/'\"`,;:()<>|]+(?:/[^\s'\"`,;:()<>|?]*)?)"
    r"|(?<!\w)(?P<windows>[A-Za-z]:\\[^\s'\"`,;()<>|?]+)"
)


def without_local_paths(content: object, root: Path | None = None) -> object:
    """Return JSON content in which no text holds an absolute path; quoted problems and answers stay as they are.

    ``root`` is the folder from which paths are named, by default the current one.
    """
    root = root or Path.cwd()
    if isinstance(content, str):
        return portable(content, root)
    if isinstance(content, Mapping):
        return {
            name: part if name in _THEIR_WORDS else without_local_paths(part, root) for name, part in content.items()
        }
    if isinstance(content, list | tuple):
        return [without_local_paths(part, root) for part in content]
    return content


def portable(text: str, root: Path) -> str:
    """Name the files of a text without saying where they lie: from ``root``, or behind an ellipsis by name alone.

    A text that is a path and nothing else, such as the name of a model, becomes the file's name without an ellipsis.
    """
    whole = Path(text.partition("?")[0])
    if whole.is_absolute() and "\n" not in text and _is_here(whole):
        return _from(whole, root, "") + text[len(str(whole)) :] if text.startswith(str(whole)) else whole.name
    return _MENTION.sub(lambda match: _named(match, root), text)


def _named(match: re.Match[str], root: Path) -> str:
    if windows := match["windows"]:
        return f"…/{PureWindowsPath(windows).name}"
    path = Path(match["posix"])
    return _from(path, root, "…/") if _is_here(path) else match[0]


def _from(path: PurePath, root: Path, away: str) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else f"{away}{path.name}"


def _is_here(path: Path) -> bool:
    """Whether a path begins in a folder that this machine has: “/5” in a sentence does not."""
    return len(path.parts) > 1 and Path(*path.parts[:2]).exists()
