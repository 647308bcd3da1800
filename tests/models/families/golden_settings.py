"""What each golden folder must be told when it is loaded, by the name of the folder: read off its ``expected.json``."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def coconut(form: Mapping[str, Any]) -> dict[str, Any]:
    staged = form["settings"]
    return {"family": "coconut", "c_thought": staged["c_thought"], "stage": staged["max_latent_stage"]}


def pause(form: Mapping[str, Any]) -> dict[str, Any]:
    return {"family": "pause", "num_latent": 6, "feedback_mode": form["settings"]["feedback_mode"]}


def explicit_cot(form: Mapping[str, Any]) -> dict[str, Any]:
    return {"family": "explicit_cot", "num_latent": 0}


def latenttts(form: Mapping[str, Any]) -> dict[str, Any]:
    projector = form["settings"]["projector"]
    width = {"prj_dim": form["settings"]["projector_hidden_size"]} if projector else {}
    return {"family": "latenttts", "num_latent": form["num_latent"], "use_prj": projector, **width}


def pccot(form: Mapping[str, Any]) -> dict[str, Any]:
    said = form["settings"]
    return {
        "family": "pccot",
        "num_latent": said["num_latent_tokens"],
        "num_iterations": said["num_iterations"],
        "use_prj": said["use_projection"],
        "answer_prompt": said["answer_prompt"],
    }


def huginn(form: Mapping[str, Any]) -> dict[str, Any]:
    said = form["settings"]
    return {"family": "huginn", "num_latent": 0, "num_steps": said["num_steps"], "init_scale": said["init_scale"]}


BY_FOLDER: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "coconut-gpt2": coconut,
    "bmarti-m1-cot": explicit_cot,
    "bmarti-m3-pause": pause,
    "bmarti-m4-pause-multipass": pause,
    "latenttts-coconut": latenttts,
    "latenttts-codi": latenttts,
    "pccot-gpt2": pccot,
    "pccot-llama": pccot,
    "huginn": huginn,
}
"""Every folder whose ``expected.json`` holds official names, with what makes settings of them."""


def golden_settings(folder: Path) -> dict[str, Any]:
    """Return a golden folder's settings."""
    form = json.loads((folder / "expected.json").read_text())
    settings = BY_FOLDER[folder.name](form)
    return settings if form.get("question_suffix") is None else {**settings, "question_suffix": form["question_suffix"]}
