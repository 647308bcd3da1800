import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.outcomes import EXTRACTOR_VERSION, Extraction, extract
from ctlab.problems import Number, load_problems
from ctlab.problems.sources.jsonl import read_jsonl
from tests.shared_data import shared


@pytest.mark.parametrize(
    ("text", "prediction", "flagged"),
    [
        ("The answer is: 18", "18", False),
        ("the answer is : $1,234.50.", "1234.50", False),
        ("The answer is: 18.0", "18.0", False),
        ("The answer is: -4", "-4", False),
        ("The answer is: 1/3", "1/3", False),
        ("The answer is: 50%", "50%", False),
        ("The answer is: 3 dozen", "3 dozen", False),
        ("The answer is: 1e3", "1000", False),
        ("The answer is: \uff11\uff18", "18", False),
        ("The answer is: 18 out of 20", "18", False),
        ("5 and then 7 eggs", "7", True),
        ("The: 9", "9", True),
        ("<<2*9=18>> #### 18", "18", False),
        ("so 13 * 2 = $<<13*2=26>>26\nA: 26", "26", False),
        ("The answer is: 3\nThe answer is: 4", "4", False),
        ("A: 3 #### 4", "4", False),
        ("Q&A: 5 or 6", "6", True),
        ("DNA: 5 or 6", "6", True),
        ("5 apples. The answer is:", "5", True),
        ("The answer is: none of the 3", "3", False),
        ("", None, True),
        ("no number", None, True),
        ("The answer is: " + "9" * 10_000, None, True),
        ("7 and " + "9" * 10_000, "7", True),
        ("The answer is: 1e999", "1e999", False),
        ("The answer is: 2**999999999", "2", False),
        ("The answer is: \x00 18 \u202e", "18", False),
        ("The answer is: ((((((3))))))", "3", False),
    ],
)
def test_the_judged_number(text, prediction, flagged):
    found = extract(text)
    assert (found.prediction and str(found.prediction)) == prediction
    assert found.flagged is flagged


def test_both_readings_are_kept():
    found = extract("The answer is: 18 out of 20")
    assert (str(found.after_marker), str(found.last), found.marker) == ("18", "20", "The answer is:")
    assert found.disagrees
    assert found.version == EXTRACTOR_VERSION
    assert not extract("The answer is: 18").disagrees
    assert not extract("18").disagrees


@given(st.text())
def test_any_text_is_read_and_travels_as_json(text):
    found = extract(text)
    assert Extraction.from_json(found.to_json()) == found


@given(st.text(alphabet="0123456789.,-/%$ \n"), st.integers(-(10**9), 10**9))
def test_a_number_after_the_marker_is_found_whatever_stands_before(text, number):
    assert extract(f"{text}\nThe answer is: {number}").prediction == Number.of(number)


@pytest.mark.parametrize("name", ["baseline", *(f"zero_first_{k}" for k in range(1, 6))])
def test_real_answers_are_read_exactly(name):
    """What stands after the colon of these answers is one number and nothing else: no search is needed."""
    folder = shared("data/recorded/codi-llama-zeroing")
    rows = [row for _, row in read_jsonl(folder / f"{name}.jsonl")]
    assert len(rows) == len(load_problems(folder / "problems.jsonl"))
    for row in rows:
        exact = row["output"].rpartition(":")[2].strip()
        assert extract(row["output"]).prediction == Number.parse(exact)
