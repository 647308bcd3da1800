"""The table of the scatter holds every mark of it."""

from ctlab.reporting.figures import sensitivity_scatter as picture
from ctlab.reporting.model.sensitivity_table import Bin, FeatureTable

MEASURED = {"low": -0.2, "high": 0.4, "level": 0.95, "p_value": 0.5, "n": 3}


def test_every_dot_mean_and_coefficient_is_a_row():
    group = Bin(centre=1.5, start=1.0, end=2.0, n=3, estimate=0.5, low=0.1, high=0.9)
    coefficients = {"pearson": MEASURED | {"estimate": 0.1}, "spearman": MEASURED | {"estimate": 0.2}}
    features = FeatureTable.model_validate(coefficients | {"bins": [group]})
    points = [
        picture.ProblemPoint(impact=impact, features=(value,)) for impact, value in ((1, 2.0), (-1, 1.0), (None, 1))
    ]
    row = picture.ConditionScatter(n=3, features={"n_operations": features}, points=tuple(points))
    table = picture.table(picture.ScatterNumbers(conditions={"ct0_blocked": row}, omitted=0))
    where = ("ct0_blocked", "n_operations")
    assert table.rows == (
        ("mean loss", *where, 1.0, 2.0, 3, 0.5, 0.1, 0.9),
        ("Pearson r", *where, None, None, 3, 0.1, -0.2, 0.4),
        ("Spearman \N{GREEK SMALL LETTER RHO}", *where, None, None, 3, 0.2, -0.2, 0.4),
        ("problem", *where, 2.0, 2.0, 1, 1.0, None, None),
        ("problem", *where, 1.0, 1.0, 1, -1.0, None, None),
    )
    assert {len(line) for line in table.rows} == {len(table.heads)}
