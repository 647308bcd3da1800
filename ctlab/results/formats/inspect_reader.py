"""Inspect's own reader (extra ``ctlab[inspect]``), for archives that are compressed in a way that is not known here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import shortened

_ADVICE = "pip install 'ctlab[inspect]' brings Inspect's own reader"


def read_by_inspect(path: Path, refusal: RecordedError) -> Mapping[str, Any]:
    """Return a log as its JSON form has it; where the library is not there, the refusal says how to get it."""
    try:
        from inspect_ai.log import read_eval_log
    except ImportError:
        raise RecordedError(f"{refusal}; {_ADVICE}") from None
    try:
        form: Mapping[str, Any] = read_eval_log(str(path)).model_dump(mode="json")
    except Exception as error:  # another library's, of whatever class: one file that it cannot read costs no traceback
        raise RecordedError(f"{path.name}: Inspect cannot read it either ({shortened(str(error))})") from None
    return form
