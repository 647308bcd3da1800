import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.problems import Number, same_number
from ctlab.problems.rows.row_form import equation_solution, number_text, steps_solution


@pytest.mark.parametrize(
    ("written", "text"),
    [
        # All of GSM-Hard's targets (PAL's file); the last three are no noise.
        ("3244047.0999999996", "3244047.1"),
        ("108224794.200000003", "108224794.2"),
        ("445110260.6000000238", "445110260.6"),
        ("19023741.5999999978", "19023741.6"),
        ("-8858146.6500000004", "-8858146.65"),
        ("9000000000000.0", "9000000000000"),
        (9e12 + 1, "9000000000001"),
        ("14053029.666666666", "14053029.666666666"),
        ("36.0000102016", "36.0000102016"),
        ("0.0000020107", "0.0000020107"),
    ],
)
def test_binary_noise_goes_and_nothing_else(written, text):
    assert number_text(written) == text


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_a_float_is_the_decimal_that_it_was_made_of(value, places):
    written = f"{value / 10**places:.17g}"
    if "e" not in written:
        assert Number.parse(number_text(written)).value == Number.parse(f"{value}e-{places}").value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_what_is_left_out_is_below_what_answers_are_compared_at(value):
    # A float's 15 digits hold to half a unit of the last.
    kept = Number.parse(number_text(repr(value)))
    assert abs(float(kept) - value) <= abs(value) * 1e-14


@pytest.mark.parametrize(
    ("equation", "solution"),
    [
        ("( 290.0 / 2.0 )", "<<290/2=5>>5\n#### 5"),
        ("( ( 1.0 + 2.0 ) * ( 3.0 + 4.0 ) )", "<<(1+2)*(3+4)=5>>5\n#### 5"),
        ("( 1.0 + 2.0 ) * ( 3.0 + 4.0 )", "<<(1+2)*(3+4)=5>>5\n#### 5"),
        ("X=(7.5*6.0)", "<<7.5*6=5>>5\n#### 5"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_set_s_own_equation_is_an_annotation(equation, solution):
    assert equation_solution(equation, "5") == solution


def test_steps_that_calculate_are_a_solution_and_placeholders_none():
    assert steps_solution(["<<2/2=1>>", "<<2+1=3>>"], "3") == "<<2/2=1>>\n<<2+1=3>>\n#### 3"
    assert steps_solution(["Step 1", "Step 2"], "3") == ""
    assert same_number(Number.parse("3"), Number.of(3))
