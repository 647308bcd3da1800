"""Several ``KEY=VALUE`` as one table; a value is JSON where it reads as JSON, and otherwise text as it stands."""

from collections.abc import Iterable, Mapping
from typing import Any

from ctlab.errors import InputError
from ctlab.inputs import parse_json, shown


def key_values(
    name: str, texts: Iterable[str] | Mapping[str, Any] | None, *, example: str = "num_latent=4"
) -> dict[str, Any]:
    r"""Read each text, its key once; ``name`` is the option in a refusal (InputError). A table is taken as it is.

    ``num_latent=4``, ``use_prj=false`` and ``end_ids=[5, 6]`` are JSON, ``family=tiny`` is text. A backslash is
    refused outside JSON's quotes: who writes ``question_suffix=\n`` means a newline, which is ``"\n"``.
    """
    if isinstance(texts, Mapping):
        return dict(texts)
    table: dict[str, Any] = {}
    for text in texts or ():
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals or not key:
            raise InputError(f"{name} must be KEY=VALUE, such as {example}, not {shown(text)}")
        if key in table:
            raise InputError(f"{name} says {shown(key)} twice; leave one out")
        table[key] = _value(value.strip(), f"{name}, {key}")
    return table


def _value(text: str, name: str) -> Any:
    try:
        return parse_json(text, name, error=InputError, advice="mind the quotes of the shell")
    except InputError:
        if text[:1] in ('"', "[", "{"):
            raise
    if "\\" in text:
        raise InputError(
            f'{name} holds a backslash, {shown(text)}, which is text as it stands; a newline is "\\n" with its quotes'
        )
    return text
