"""docs/adding/figure.md does what it says."""

import re
import sys
from pathlib import Path
from types import ModuleType

from ctlab.reporting import figures
from ctlab.reporting.schema import complete
from tests.reporting.whole_report import problems, report

RECIPE = Path(__file__).parents[3] / "docs" / "adding" / "figure.md"
NAME = "accuracy_bars"


def test_the_figure_of_the_recipe_works(monkeypatch):
    module_text, test_text = re.findall(r"```python\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL)
    module = ModuleType(f"{figures.__name__}.{NAME}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(figures, NAME, module, raising=False)
    exec(compile(module_text, f"{NAME}.py", "exec"), vars(module))
    test: dict = {}
    exec(compile(test_text, f"test_{NAME}.py", "exec"), test)
    test["test_every_answered_condition_has_a_bar"]()
    drawing = module.PICTURE.of(complete(report()), problems())
    assert drawing.file == f"{NAME}.png"
    assert drawing.draw(6.9).axes
