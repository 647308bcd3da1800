"""lm-evaluation-harness, ``samples_<task>_<date>.jsonl``: one row a problem and filter (``--log_samples``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.records.fields import Fields
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.filtered import take_filter
from ctlab.results.prompts import question_in, question_of
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ReadOptions, ResultFormat
from ctlab.results.row_values import golds_of, score_of, text_of

_KEYS = ("doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "metrics")
_NEEDED = {"doc_id", "doc", "resps"}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class LmEval(ResultFormat):
    """The whole answer is read, and the score of the filter that is taken."""

    def recognises(self, file: ResultFile) -> bool:
        """By the keys of its first row."""
        return file.is_lines and set(file.first) >= _NEEDED

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read the rows of one filter."""
        lines = [_Line(f"line {number}", row, f"{file.name}, line {number}") for number, row in file.rows]
        taken, notes = take_filter([(line.filter, line) for line in lines], options.filter, file.name)
        metrics = [*dict.fromkeys(metric for line in taken for metric in line.metrics)]
        metric = options.columns.get("score") or (metrics[0] if metrics else "")
        if options.columns.get("score") and metric not in metrics:
            raise RecordedError(f"{file.name}: score={metric} is none of its metrics; they are {', '.join(metrics)}")
        more = [f"score {metric} of {', '.join(metrics)}"] if len(metrics) > 1 else []
        if any(line.responses > 1 and not line.is_choice for line in taken):
            more.append("several responses a problem: what the filter made of them is read")
        if any(line.is_choice for line in taken):
            more.append("no text was generated: the answer is the option of the highest log-likelihood")
        return Results(
            path=str(file.path),
            format=self.name,
            rows=tuple(line.row(metric) for line in taken),
            model=file.path.parent.name.replace("__", "/", 1) if "__" in file.path.parent.name else "",
            notes=(*notes, *more),
        )


LM_EVAL = LmEval(
    name="lm-eval",
    described="samples_*.jsonl of lm-evaluation-harness",
    keys=_KEYS,
    maps=frozenset({"score"}),
    filters=True,
)


@dataclass(frozen=True)
class _Line:
    """One row of the file."""

    name: str
    fields: Mapping[str, Any]
    where: str

    @property
    def filter(self) -> str:
        return text_of(self.fields.get("filter")) or "none"

    @property
    def metrics(self) -> list[str]:
        metrics = self.fields.get("metrics")
        return [name for name in map(text_of, metrics) if name in self.fields] if isinstance(metrics, list) else []

    @property
    def responses(self) -> int:
        """How often the model answered, for a multiple choice the number of options."""
        return sum(len(each) if isinstance(each, list) else 1 for each in self._list("resps"))

    @property
    def is_choice(self) -> bool:
        """Whether each response is an option's log-likelihood and whether it is what the model would have said."""
        responses = self._list("resps")
        return bool(responses) and all(_likelihood(each) is not None for each in responses)

    def row(self, metric: str) -> ResultRow:
        """Read it with the score of one metric."""
        doc = self.fields.get("doc")
        doc = doc if isinstance(doc, dict) else {}
        used = {"doc", "target", "arguments", "resps", *self.metrics}
        return ResultRow(
            name=self.name,
            problem=text_of(self.fields.get("doc_id")),
            answer=self._answer(),
            score=score_of(self.fields.get(metric), self.where),
            gold=self._gold(),
            question=question_of(doc) or self._asked(),
            fields=Fields({**doc, **{key: value for key, value in self.fields.items() if key not in used}}),
        )

    def _answer(self) -> str:
        responses = self._list("resps")
        if self.is_choice:
            likelihoods = [_likelihood(each) or 0.0 for each in responses]
            return _letter(likelihoods.index(max(likelihoods)))
        if self.responses > 1:
            return text_of(self._list("filtered_resps"))
        if not responses or not isinstance(responses[0], str | list):
            said = shown(self.fields.get("resps"))
            raise RecordedError(f'{self.where}: "resps" holds the answer in a list of lists, not {said}')
        return text_of(responses[0])

    def _gold(self) -> str | tuple[str, ...] | None:
        target = self.fields.get("target")
        index = text_of(target).strip()
        if self.is_choice and index.isdigit() and int(index) < len(self._list("resps")):
            return _letter(int(index))
        return golds_of(target)

    def _asked(self) -> str | None:
        arguments = self.fields.get("arguments")
        if isinstance(arguments, dict):
            first: Any = next(iter(arguments.values()), None)
            prompt = first.get("arg_0") if isinstance(first, dict) else None
        else:
            first = arguments[0] if isinstance(arguments, list) and arguments else None
            prompt = first[0] if isinstance(first, list) and first else None
        return question_in(prompt) if isinstance(prompt, str) else None

    def _list(self, key: str) -> list[Any]:
        value = self.fields.get(key)
        return value if isinstance(value, list) else []


def _letter(index: int) -> str:
    return _LETTERS[index] if index < len(_LETTERS) else str(index + 1)


def _likelihood(response: Any) -> float | None:
    """Read ``[[log-likelihood, is greedy]]``; None for anything else."""
    pair = response[0] if isinstance(response, list) and len(response) == 1 else response
    if not isinstance(pair, list) or len(pair) != 2 or text_of(pair[1]) not in ("True", "False"):
        return None
    try:
        return float(text_of(pair[0]))
    except ValueError:
        return None
