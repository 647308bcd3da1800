import copy
import math

import pytest

from ctlab.errors import InputError
from ctlab.reporting.model import Report, read
from ctlab.reporting.model.reading import shown
from tests.reporting.fake_report import fake_report


def change(report, path, value):
    *holders, last = path
    for name in holders:
        report = report[name]
    report[last] = value


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("claims", 3, "effect", "low"), "x", "claims[3].effect.low must be a number, got 'x'"),
        (("claims", 3, "effect", "low"), True, "claims[3].effect.low must be a number, got true"),
        (("claims", 3, "effect", "low"), math.nan, "claims[3].effect.low must be a finite number, got NaN"),
        (("claims", 3, "effect", "n"), 2.5, "claims[3].effect.n must be a whole number, got 2.5"),
        (("claims", 3, "effect", "lost"), -1, "claims[3].effect.lost must be at least 0, got -1"),
        (("claims", 3, "effect", "level"), 1.0, "claims[3].effect.level must be below 1, got 1.0"),
        (("claims", 3, "id"), None, "claims[3].id must be text, got null"),
        (("claims", 3, "exploratory"), 1, "claims[3].exploratory must be true or false, got 1"),
        (("claims", 3, "conditions"), {}, "claims[3].conditions must be a list, got an object with 0 fields"),
        (("claims", 3), [1, 2], "claims[3] must be an object, got a list of 2"),
        (("claims", 3, "interval_95"), [1.0], "claims[3].interval_95[1] is missing"),
        (("claims", 3, "effect", "low"), None, "claims[3].effect must have numbers for estimate, low and high"),
        (("claims", 3, "effect", "low"), 0.5, "claims[3].effect must have its low end below its high one"),
        (("claims", 3, "effect", "lost"), 1319, "claims[3].effect must not count more pairs than problems"),
        (
            ("claims", 0, "controls", 0, "control", "shows"),
            "luck",
            "claims[0].controls[0].control.shows must be one of",
        ),
        (("conditions", 1, "interventions", 0), {"keys": ["CT0"]}, "interventions[0] must be an intervention: "),
        (
            ("conditions", 1, "interventions"),
            [{"thoughts": "all", "by": "magic"}],
            "'by' of a patch must be one of",
        ),
        (("outcomes", "ct0_blocked", "NONE", "count"), "7", "outcomes.ct0_blocked.NONE.count must be a whole number"),
        (("outcomes", "a b"), 7, 'outcomes["a b"] must be an object, got 7'),
        (("environment", "torch"), math.inf, "environment.torch must be a finite number, got Infinity"),
        (("weather",), {"warm": [math.nan]}, "weather.warm[0] must be a finite number"),
    ],
)
def test_the_wrong_field_is_named(path, value, words):
    report = copy.deepcopy(fake_report(conditions=3))
    change(report, path, value)
    with pytest.raises(InputError) as error:
        read(Report, report, "report.json")
    assert str(error.value).startswith("report.json: ")
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_the_rest_is_not_looked_at():
    """One sentence, although two fields are wrong."""
    report = fake_report(conditions=1) | {"alpha": "x", "seconds": "y"}
    with pytest.raises(InputError, match=r"^report.json: seconds must be a number, got 'y'\.$"):
        read(Report, report, "report.json")


def test_a_long_value_is_cut():
    assert len(shown("7" * 1000)) < 70
    assert shown({"a": 1}) == "an object with 1 field"
