"""For the docs site: files outside docs/ that pages link to are taken along, and names of files stand above their code.

mkdocs calls `on_page_markdown` for every page before it copies files (mkdocs.yml, `hooks`).
"""

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]
_LINK = re.compile(r"(?<=\]\()(?!https?:|#)([^)\s#]+)")
_NAMED_CODE = re.compile(r"^```(\w+) ([\w./]+)$", re.MULTILINE)
"""As pages write the file that code stands in, which tests read; mkdocs has another form for it."""
_TAKEN = "taken/"


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """Return the page with its links and code fit for the site; what is not there stays, and ends a strict build."""
    docs = Path(config["docs_dir"]).resolve()
    folder = docs / Path(page.file.src_uri).parent

    def taken(match: re.Match[str]) -> str:
        target = (folder / match[1]).resolve()
        if target.is_relative_to(docs) or not target.is_relative_to(ROOT) or not target.is_file():
            return match[1]
        name = _TAKEN + target.relative_to(ROOT).as_posix()
        if files.get_file_from_path(name) is None:
            files.append(File.generated(config, name, abs_src_path=str(target)))
        return Path(os.path.relpath(docs / name, folder)).as_posix()

    return _NAMED_CODE.sub(r'```\1 title="\2"', _LINK.sub(taken, markdown))
