"""Our own answers, one row each: what is read, and whether a careful person would hesitate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.outcomes import Outcome, classify, extract
from ctlab.problems import Number, Problem

FIRM = {
    "thousands": [
        ("The answer is: 1{,}234{,}567", "1234567"),
        (r"10\,000", "10000"),
        ("The answer is 12\u00a0500", "12500"),
        ("The answer is 12\u202f500,75 €", "12500.75"),
        ("The answer is 1\u2009234\u2009567", "1234567"),
        ("The answer is 12 500", "12500"),
        ("The answer is 1 000 000", "1000000"),
        ("The answer is 1\u2019250\u2019000", "1250000"),
        ("The answer is 1_000_000", "1000000"),
        ("The answer is Rs. 1,50,000", "150000"),
        ("The answer is 1.234.567", "1234567"),
        ("The answer is €1.234,50", "1234.50"),
        (r"\boxed{$9{,}500}", "9500"),
    ],
    "scales": [
        (r"The answer is \$70k", "70000"),
        ("1.5M", "1500000"),
        ("1.5 Million", "1500000"),
        ("The answer is $1.5m", "1500000"),
        ("The answer is 2 bn", "2000000000"),
        ("3 hundred", "300"),
        ("The answer is 18 K", "18"),
        ("The answer is 18m", "18"),
        ("The answer is 3万", "30000"),
        ("The answer is 5千", "5000"),
        ("The answer is \N{YEN SIGN}1.2億", "120000000"),
        ("答案是2千万。", "20000000"),
        ("The answer is 5千克", "5"),
        ("The answer is 3만", "30000"),
    ],
    "fractions": [
        (r"\frac{1}{2}", "1/2"),
        (r"\boxed{\dfrac{1}{3}}", "1/3"),
        (r"The answer is $5\tfrac{1}{2}$", "11/2"),
        (r"The answer is \frac12.", "1/2"),
        ("The answer is -\\frac{7}{3}", "-7/3"),
        ("1 / 2", "1/2"),
        ("1.5/2", "3/4"),
        ("2 and 1/2", "5/2"),
        ("The answer is 18 and a half", "37/2"),
        ("The answer is 11/2 or 5.5", "11/2"),
        ("The answer is 10/3 ≈ 3.33", "10/3"),
        ("The answer is 2 thirds", "2/3"),
        ("The answer is 1 fifth", "1/5"),
        ("She ate 3 sixteenths of it", "3/16"),
        ("The answer is three sixteenths", "3/16"),
        ("The answer is 12 quarters", "12"),
        ("The answer is 3 fifth graders", "3"),
    ],
    "powers": [
        (r"1.2 \times 10^3", "1200"),
        ("The answer is 3·10⁴", "30000"),
        (r"The answer is $1.2\cdot 10^{-3}$", "0.0012"),
        ("The answer is 10²", "100"),
        ("The answer is 10^6", "1000000"),
    ],
    "signs": [
        ("The answer is −5", "-5"),
        ("The answer is − 5", "-5"),
        ("The answer is - 5", "-5"),
        ("−5", "-5"),
        ("The answer is \u20125", "-5"),
        ("The answer is \u20145", "-5"),
        ("The answer is -¥50", "-50"),
        ("The answer is -US$50", "-50"),
        ("The answer is minus 2 degrees", "-2"),
        ("The answer is negative 2", "-2"),
        ("The answer is minus four", "-4"),
        ("The answer is -(5)", "-5"),
        ("The answer is:\n- 14", "14"),
        ("Answer - 18", "18"),
    ],
    "marks and units": [
        ("The area is 18 cm².", "18"),
        ("18 m2", "18"),
        ("18 kg of CO2", "18"),
        ("He lives at Route66 and has 5 cats", "5"),
        ("The answer is 18①", "18"),
        ("20% (out of 100)", "20%"),
        ("The answer is 20% (out of 100)", "20%"),
        ("The answer is $20/hour", "20"),
        ("He has 5 apples in Room 12", "5"),
        ("The answer is 5 (see step 3)", "5"),
        (r"The answer is 45^\circ", "45"),
    ],
    "equations": [
        ("The answer is: 3 * 6 = 18", "18"),
        ("#### 9*2=18", "18"),
        ("The answer is: 3-5=-2", "-2"),
        ("The answer is 60 (= 5 x 12)", "60"),
        ("The answer is: =(-15)", "-15"),
        ("3*5=(15)", "15"),
        ("(87 / 6) = (17)", "17"),
        ("The answer is =((4))", "4"),
        ("The answer is 72 = 126 - 54", "72"),
        ("**x = 18**", "18"),
        ("The answer is x = **18**", "18"),
        ("The answer is 18 squared = 324", "324"),
        ("f(5) = 18", "18"),
        ("#### y = 180 - 150\ny = 30", "30"),
        ("The answer is 3\uff0b5\uff1d8", "8"),
    ],
    "markers": [
        (r"\boxed{18} dollars for 2 days", "18"),
        ("The answer is 18 dollars for 2 days", "18"),
        (r"The answer is \fbox{7}", "7"),
        ("**Final Answer**: $\\boxed{18}$", "18"),
        ("### Final Answer\n18", "18"),
        ("### Step 1\n5 + 3 = 8\n### Step 2\n8 * 2 = 16", "16"),
        ("<answer> 18 apples </answer>", "18"),
        ('{"answer": "18", "steps": 3}', "18"),
        ("So 18 is the answer.", "18"),
        ("Therefore 18 is the final answer because 2 of 10 were removed.", "18"),
        ("The answer to question 2 is 18.", "18"),
        ("The correct answer is (C) 18", "18"),
        ("Ans: 18", "18"),
        ("<think>The answer is 7</think>The answer is 8", "8"),
        ("The answer is <b>18</b>", "18"),
        ("The answer, in dollars, is 18", "18"),
        ("The answer is 18 because 9 + 10 = 19", "18"),
        ("La respuesta es 18", "18"),
        ("答案是18", "18"),
        ("The answer should be 18 not 20", "18"),
        ("18<|im_end|>", "18"),
        ("The answer is: 18</s><s> 20", "18"),
        ("The answer is not 12. The answer is 14.", "14"),
        ("A: 8\nThe answer is: 9", "9"),
        ("The answer is 5. Wait, I forgot the tax. The answer is 7.", "7"),
        ("The answer is 18. Let me check: 9*2 = 18. Yes.", "18"),
        ("The answer is 45. It will take 75 minutes more.", "45"),
    ],
    "no marker": [
        ("After 3 days she has 18 left.", "18"),
        ("She had 30 and gave 12, which left her with 18.", "18"),
        ("She used 12 so has 18 left.", "18"),
        ("She sells 3 and makes $18 every day.", "18"),
        ("| Total | 18 |", "18"),
    ],
    "words": [
        ("eighteen", "18"),
        ("The answer is twenty-four.", "24"),
        ("The answer is a hundred and five", "105"),
        ("The answer is half a million", "500000"),
        ("The answer is two and a half", "5/2"),
        ("The answer is fifteen percent", "15%"),
        (r"\boxed{eighteen}", "18"),
        ("There are twelve eggs left.", "12"),
        ("The answer is point five", "0.5"),
        ("The answer is minus point two five", "-0.25"),
        ("The answer is eighteen (18)", "18"),
        ("The answer is 14 dollars and 50 cents", "14.50"),
    ],
}
NONE = [
    "",
    "The answer is:",
    "The answer is CO2.",
    "Route 66",
    "The answer is twice as many as Bob has",
    "No one is left.",
]
HESITATED = {
    "it goes on": [
        "The answer is 3 R1",
        "The answer is seventy k",
        "The answer is 3! = 6",
        "The answer is 18\n19",
        "The answer is 3,5",
        "The answer is 5.5.5",
        "The answer is 1,2345",
        r"The answer is 5\pi",
        r"\sqrt{2}",
        "The answer is 0b11",
        "The answer is 0xFF",
        "The answer is 0o17",
        "The answer is 11 (base 2)",
        "The answer is 5ft6",
        "The answer is 5\N{PER MILLE SIGN}",
        "The answer is 3万5千",
        "The answer is 5 Mio",
        "The answer is 2 point 5",
        "At this point five people left",
        "The answer is 3 quarters",
        "The answer is 1 third grader",
    ],
    "times and dates": [
        "The answer is 1h30",
        "It took 2h15.",
        "It took 2m50",
        "He was in the 20s",
        "The answer is his mid-30s",
        "The answer is the 1920s",
    ],
    "clock and calendar": [
        "The answer is 7:30",
        "The answer is 3 pm",
        "The answer is May 5",
        "The answer is 2023-05-06",
    ],
    "ranges": ["The answer is 5 to 7", "The answer is 5–7", "The answer is between 5 and 7", "The answer is 5 ± 2"],
    "bounds": ["The answer is at least 5", "The answer is x > 5", "It costs more than $99.", "The answer is not 18"],
    "ratios": ["The answer is 5:3", "The answer is 5 out of 8", "The answer is 1 in 4", "The answer is 50% of 80"],
    "several": [
        "The answer is 12 and 15",
        "The answer is (3, 4)",
        "The answer is x = 3, y = 4",
        "The answer is 5 feet 6 inches",
        "The answer is 2 hours and 30 minutes",
        "The answer is 4 red and 4 blue",
        "The answer is 12 apples and five oranges",
        "The answer is 18 eggs per day, or 126 per week",
        "The answer is:\n- Tom: 5\n- Sally: 6",
        "She has 3 cats and 2 dogs",
        "She needs 12 eggs to make 3 cakes.",
        "Tom: 5, Ann: 7",
        "The answer is 5 (or 6)",
        "She has 5 (or 6)",
        "The answer is 18 | 19",
        "18 | 19",
    ],
    "no rule explains the second": [
        "She has 18 left of 30.",
        "She has 18 left after 3 days.",
        "There are 8 left from the 20.",
        "18 is left of 30.",
        "She has 18 left because she used 12.",
        "She has 18 after she sold 12.",
        "18 eggs are left in the fridge and 12 were sold.",
        "18 were sold in 3 days.",
        r"\boxed{5} and \boxed{6}",
    ],
    "to be calculated": [
        "The answer is 5 × 12",
        "The answer is 5 - 3",
        "The answer is 2^5",
        "The answer is 5 less than 20",
        "The answer is 18 squared",
        "The answer is eighteen squared",
        "The answer is 4 cubed",
        "The answer is 5 factorial",
        "The answer is twice 5",
        "It is twice five.",
        "The answer is double 20",
        "The answer is half of 10",
        "It is a third of 12",
        "The answer is the square root of 16",
        "The answer is the reciprocal of 5",
        "The answer is 5 to the third power",
        "The answer is 2 thirds as many",
        "The answer is -(-5)",
        "The answer is minus -5",
        "The answer is |-5|",
        r"The answer is $\left| -5 \right|$",
        "The answer is abs(-5)",
        "The answer is sin 30",
        "The answer is \N{LEFT FLOOR}5.5\N{RIGHT FLOOR}",
    ],
    "markers": [
        "The answer is: 12. Therefore the answer is: 14",
        "The answer is 18. Wait, 9 * 3 = 27. So it's 27.",
        "The answer is 18.\n\nQuestion: Tom has 5 apples.\nAnswer: 5",
        "Answer: He has 3 * 2 = 6 apples. Then 6 + 4 = 10.",
        "5 apples. The answer is:",
    ],
    "signs": ["The answer is – 5", "- 5"],
    "names and rows": ["Apollo 11", "He flew on Apollo 11", "The answer is option 2", "The answer is ⑱"],
    "foreign": ["La respuesta es 12,5 kg", "Die Antwort ist 12.500"],
}


@pytest.mark.parametrize(("text", "number"), [pair for pairs in FIRM.values() for pair in pairs])
def test_what_a_person_reads_without_hesitation(text, number):
    found = extract(text)
    assert str(found.prediction) == str(Number.parse(number))
    assert not found.ambiguous, found.reading
    assert found.reading


@pytest.mark.parametrize("text", NONE)
def test_where_no_number_stands_none_is_read(text):
    assert extract(text).prediction is None


@pytest.mark.parametrize("text", [text for texts in HESITATED.values() for text in texts])
def test_where_a_person_hesitates_it_is_said_and_why(text):
    found = extract(text)
    assert found.ambiguous
    assert "; " in found.reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("The answer is: 18", "the number after “The answer is:”"),
        ("The answer is: 14\nThe answer is: 14", "the number after the last “The answer is:”"),
        ("The answer is 3 * 6 = 18", "right side of the equation after “The answer is”"),
        ("The answer is 72 = 126 - 54", "left side of the equation after “The answer is”"),
        ("#### twelve", "number words after “####”"),
        ("He has 5 cats", "the last number of the text"),
        ("18 is the answer", "the number before “is the answer”"),
        ("The answer is − 5", "the number (a sign that stands apart) after “The answer is”"),
        ("The answer is 10-15", "the number after “The answer is”; a range"),
        ("nothing", ""),
    ],
)
def test_how_it_was_read_is_said_in_words(text, reading):
    assert extract(text).reading == reading


GOLDS = [
    "1{,}234",
    r"\frac{1}{2}",
    "1 / 2",
    "2 and 1/2",
    r"1.2 \times 10^3",
    "10²",
    "18①",
    "$70k",
    "− 5",
    "minus 2",
    "eighteen",
]


@pytest.mark.parametrize("text", GOLDS)
def test_answer_and_gold_are_read_by_the_same_rules(text):
    problem = Problem(question="How many?", gold=text)
    assert problem.gold_number == extract(f"The answer is: {text}").prediction
    assert classify(problem, f"The answer is: {text}").outcome is Outcome.CORRECT


def test_a_lost_sign_is_no_sign_error():
    problem = Problem(question="How many?", gold=-50)
    for text in ("-¥50", "-US$50", "− 50", "minus 50", "negative 50", "\u201250", "\u201450"):
        assert classify(problem, f"The answer is: {text}").outcome is Outcome.CORRECT


@given(st.text(alphabet="0123456789 ,./-=*()$%xk^\n{}\\'and ", max_size=60))
def test_what_is_read_can_be_stored_and_read_back(text):
    for answer in (text, f"The answer is: {text}", f"A: {text}", rf"\boxed{{{text}}}"):
        found = extract(answer)
        assert type(found).from_json(found.to_json()) == found
        assert found.reading or found.prediction is None
