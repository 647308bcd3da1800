"""The page and the record of a diagnosis that looked twice: what decided is what is shown."""

from dataclasses import replace

from ctlab.reproduction.accusation import Accusation, Tried, compared
from ctlab.reproduction.case import Cause, Looked
from ctlab.reproduction.certificate_form import certificate_form
from ctlab.reproduction.diagnosis import Diagnosis
from ctlab.reproduction.second_look import SecondLook
from ctlab.reproduction.terminal_page import terminal_page
from ctlab.reproduction.variant import Variant
from tests.reproduction.test_accusation import marks, trial
from tests.reproduction.test_against_published import RESULT

SCALE = Cause(name="lora-scale", title="LoRA alpha or scale", look=lambda case: Looked())
ALPHA = Variant(change="lora_alpha 16: scale 2", remedy='"lora_alpha": 16')


def on(given, made):
    return Tried(cause=SCALE, variant=ALPHA, trial=made, p=compared(given, made))


def result(*, twice):
    given, made = trial(marks(70)), trial(marks(74))
    again = trial(marks(360, 512)), trial(marks(384, 512))
    told = on(*again)
    named = (Accusation(cause=SCALE, tried=told),) if twice else ()
    second = SecondLook(n=512, given=again[0], tried=(told,), accused=named) if twice else None
    diagnosis = Diagnosis(
        n=100,
        seed=1,
        given=given,
        looked=((SCALE, Looked()),),
        tried=(on(given, made),),
        accused=named,
        second=second,
        seconds=19.0,
    )
    return replace(RESULT, right=960, diagnosis=diagnosis)


def test_the_second_look_is_shown_with_its_own_counts_and_rule():
    page = " ".join(terminal_page(result(twice=True), 120).split())
    assert "looked again on 512 other problems: as given 360 right; lora_alpha 16: scale 2: 384 right, p <" in page
    assert "✘ LoRA alpha or scale (lora_alpha 16: scale 2: 384 right instead of 360 of 512" in page
    assert "p ≤ 0.01 / 1 (exact McNemar, one-sided) and by at least 2.0 points" in page
    assert 'next: "lora_alpha": 16' in page


def test_without_one_the_sample_s_are():
    page = " ".join(terminal_page(result(twice=False), 120).split())
    assert "looked again" not in page
    assert "nobody is accused" in page
    assert "by at least 5.0 points" in page


def test_the_record_holds_both():
    form = certificate_form(result(twice=True))["diagnosis"]
    assert (form["n"], form["right"]) == (100, 70)
    (candidate,) = form["second_look"]["candidates"]
    assert (form["second_look"]["n"], candidate["cause"], candidate["right"]) == (512, "lora-scale", 384)
    assert certificate_form(result(twice=False))["diagnosis"]["second_look"] is None
