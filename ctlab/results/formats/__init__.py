"""One file a format, and here the order in which they are asked: what has rare names stands before what takes much."""

from ctlab.results.formats.codi_log import CODI_LOG
from ctlab.results.formats.delimited import DELIMITED
from ctlab.results.formats.every_eval_ever import EVERY_EVAL_EVER
from ctlab.results.formats.helm import HELM
from ctlab.results.formats.inspect_log import INSPECT_EVAL, INSPECT_JSON
from ctlab.results.formats.json_rows import JSON_TABLE, JSONL_TABLE, LOGGED_TABLE
from ctlab.results.formats.lm_eval import LM_EVAL
from ctlab.results.formats.open_compass import OPEN_COMPASS, OPEN_COMPASS_VERDICTS
from ctlab.results.formats.output_rows import OUTPUT_ROWS
from ctlab.results.formats.parquet import PARQUET
from ctlab.results.formats.predictions import CORRECTNESS, PREDICTIONS
from ctlab.results.formats.study import STUDY
from ctlab.results.result_format import ResultFormat

FORMATS: tuple[ResultFormat, ...] = (
    STUDY,
    OUTPUT_ROWS,
    LM_EVAL,
    INSPECT_EVAL,
    INSPECT_JSON,
    EVERY_EVAL_EVER,
    HELM,
    OPEN_COMPASS,
    OPEN_COMPASS_VERDICTS,
    PREDICTIONS,
    CORRECTNESS,
    LOGGED_TABLE,
    PARQUET,
    CODI_LOG,
    JSON_TABLE,
    JSONL_TABLE,
    DELIMITED,
)
"""Every format."""
