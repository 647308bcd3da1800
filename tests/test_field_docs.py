"""``help`` shows every field of what people write, with its meaning and its default."""

import pydoc
from dataclasses import dataclass, fields

import pytest

from ctlab.claims import Claim, Control, Family
from ctlab.field_docs import documented, field_texts
from ctlab.interventions import Condition, Intervention, Patch


@pytest.mark.parametrize("cls", [Claim, Control, Family, Condition, Intervention, Patch])
def test_help_shows_the_text_below_every_field(cls):
    shown = " ".join(pydoc.render_doc(cls, renderer=pydoc.plaintext).replace("|", " ").split())
    texts = field_texts(cls)
    assert list(texts) == [field.name for field in fields(cls)]
    for name, text in texts.items():
        assert f"{name} : " in shown
        assert text in shown


def test_units_and_defaults_are_said():
    assert "margin : float, default 0.0" in Claim.__doc__
    assert "a proportion, not percent" in " ".join(Claim.__doc__.split())
    assert "kind : Kind, default Kind.DIFFERENCE" in Claim.__doc__.replace("ctlab.claims.kinds.", "")
    assert "alpha : float, default 0.05" in Family.__doc__


def test_without_a_source_the_sentence_is_shown_alone():
    made = {}
    exec(  # as from a zip file or a shell
        '@documented\n@dataclass\nclass Made:\n    "One sentence."\n    x: int\n    "A number."\n',
        {"documented": documented, "dataclass": dataclass, "__name__": "nowhere"},
        made,
    )
    assert made["Made"].__doc__ == "One sentence."
