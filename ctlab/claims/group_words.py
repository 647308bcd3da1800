"""Features and groups of problems as a reader would say them, from the names under which statistics keep them."""

import re

from ctlab import formatting

FEATURE_WORDS = {
    "n_operations": "operations",
    "n_tokens": "length of the question",
    "n_operation_types": "kinds of operation",
    "max_number": "largest number",
    "n_options": "options",
    "n_hops": "steps to the answer",
    "n_edges": "edges of the graph",
    "n_nodes": "nodes of the graph",
    "n_distractors": "edges beside the way to the answer",
    "multi_step": "two operations or more",
    "has_division": "division",
    "has_multiplication": "multiplication",
    "has_fractions": "fractions",
}
"""Features as a reader would say them."""

KIND_LABELS = {
    "multi_step": ("two operations or more", "fewer than two operations"),
    "has_division": ("with division", "without division"),
    "has_multiplication": ("with multiplication", "without multiplication"),
    "has_fractions": ("with fractions", "without fractions"),
}
"""Problems that have a feature, and problems that have not."""

_THRESHOLD = re.compile(r"(?P<no>not )?n_operations >= (?P<number>\d+)\Z")
_MEASURE = re.compile(r"(?P<log>log10 )?(?P<feature>n_\w+|max_number) (?:= )?(?P<values>[\d.]+(?: to [\d.]+)?)\Z")
_OTHER = re.compile(r"(?P<no>not )?(?P<feature>[A-Za-z_]\w*) (?:>= (?P<least>-?[\d.]+)|== (?P<is>\S.*))\Z")
"""Problems by a threshold or a value of any other feature; a suite's own is called as it is named."""
_NOUNS = {
    "n_operations": ("operation", "operations"),
    "n_tokens": ("token in the question", "tokens in the question"),
    "n_operation_types": ("kind of operation", "kinds of operation"),
    "n_options": ("option", "options"),
    "n_hops": ("step to the answer", "steps to the answer"),
    "n_edges": ("edge of the graph", "edges of the graph"),
    "n_nodes": ("node of the graph", "nodes of the graph"),
    "n_distractors": ("edge beside the way to the answer", "edges beside the way to the answer"),
}


def group_words(name: str) -> str:
    """Say a group's name in words; one that is not known stays as it is."""
    if ", " in name:  # a stratum of several features
        return ", ".join(group_words(part) for part in name.split(", "))
    kind = name.removeprefix("not ")
    if kind in KIND_LABELS:
        return KIND_LABELS[kind][name.startswith("not ")]
    if match := _THRESHOLD.match(name):
        noun = formatting.counted(int(match["number"]), "operation")
        return f"fewer than {noun}" if match["no"] else f"{noun} or more"
    if match := _OTHER.match(name):
        return _other_words(match)
    match = _MEASURE.match(name)
    if match and match["feature"] in _NOUNS:
        return f"{match['values']} {_NOUNS[match['feature']][match['values'] != '1']}"
    if match and match["log"]:
        return f"{feature_words(match['feature'])} {_powers_of_ten(match['values'])}"
    return f"{feature_words(name.removesuffix(match['values']).strip(' ='))} {match['values']}" if match else name


def _powers_of_ten(logarithms: str) -> str:
    """Turn logarithms into the numbers that they are of, to four digits: 1.5563 to 1.99123 is 36 to 98."""
    return " to ".join(f"{float(f'{10 ** float(each):.4g}'):,g}" for each in logarithms.split(" to "))


def _other_words(match: re.Match[str]) -> str:
    """Say a group by a threshold or a value: difficulty 3 or more; type other than algebra."""
    feature, no = FEATURE_WORDS.get(match["feature"], match["feature"]), match["no"]
    if match["least"]:
        return f"{feature} below {match['least']}" if no else f"{feature} {match['least']} or more"
    return f"{feature} other than {match['is']}" if no else f"{feature} {match['is']}"


def feature_words(name: str) -> str:
    """Say a feature in words, a threshold or a logarithm of it too; one that is not known stays as it is."""
    if name.startswith("log10 "):
        return f"log10 of the {feature_words(name.removeprefix('log10 '))}"
    return FEATURE_WORDS.get(name) or group_words(name)
