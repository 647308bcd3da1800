"""What accuracy was published of a model: by its authors, on its card, or as the caller says."""

import re
from pathlib import Path

from ctlab.errors import InputError

# The row of all problems in a card's table of accuracies, as the embedded model's card has it.
_CARD_ROW = re.compile(r"^\|\s*all\s*\|\s*([\d,]+)\s*\|\s*(\d{1,3}(?:\.\d+)?)\s*%\s*\|", re.MULTILINE)
_CARD_SET = re.compile(r"`ctlab\.problems\.(\w+)`")


def known_accuracy(model: str, problems: str) -> tuple[float, str] | None:
    """Return the published accuracy, a proportion, and where it stands; None where nobody published one."""
    from ctlab.models import published_accuracy
    from ctlab.models.checkpoints.checkpoint_files import EMBEDDED, embedded_folder

    name = problems.partition("/")[0]
    if (published := published_accuracy(model, name)) is not None:
        return published, "its authors' publication"
    if EMBEDDED.get(model):  # the weights of another one, asked otherwise than its card says
        return None
    card = (embedded_folder(model) if model in EMBEDDED else Path(model)) / "README.md"
    return None if not card.is_file() else _of_card(card.read_text(encoding="utf-8", errors="replace"), name)


def _of_card(text: str, problems: str) -> tuple[float, str] | None:
    row, named = _CARD_ROW.search(text), _CARD_SET.search(text)
    if row is None or named is None or named[1].replace("_", "-") != problems:
        return None
    return float(row[2]) / 100, "its card"


def read_accuracy(text: str) -> float:
    """Read an accuracy that was typed: 0.556, or 55.6%."""
    try:
        value = float(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise InputError(f"--published is a proportion such as 0.556, or 55.6%; not {text!r}")
    return value
