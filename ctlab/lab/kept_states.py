"""Raw hidden states on disk, for learned probes and for what ctlab does not make: shards first, what they hold last."""

import json
from collections.abc import Sequence
from pathlib import Path

from ctlab.files import publish, sha256
from ctlab.lab.experiment import Experiment
from ctlab.records.measurement import VERSION

CONTENTS = "states.json"
"""Written when every shard is there."""


class KeptStates:
    """The states of some conditions over the experiment's problems, in a folder of their own under the store."""

    def __init__(self, experiment: Experiment, names: Sequence[str]) -> None:
        self._form = {
            "model": experiment.answered_by,
            "decoding": experiment.key(names[0]).decoding,
            "problems": experiment.problems_digest,
            "measurement": VERSION,
            "conditions": {name: experiment.conditions[name].to_json() for name in names},
            "tensors": "each condition: (problems, positions, levels, width); positions are CT0 … and the last token "
            "of end; level 0 is the input embedding, level l the state after layer l, before the final norm",
        }
        # A folder for each set of conditions, because shards hold them side by side. 64 bits tell folders apart.
        digest = sha256(json.dumps(self._form, sort_keys=True).encode())[:16]
        self.folder: Path = experiment.settings.store / "states" / digest

    @property
    def complete(self) -> bool:
        """Whether every shard is there."""
        return (self.folder / CONTENTS).is_file()

    def begin(self) -> Path:
        """Clear what a run that was interrupted left, and say where the shards go."""
        for path in self.folder.glob("*"):
            path.unlink()
        return self.folder

    def finish(self) -> None:
        """Say what the shards hold, in a file that is written last: where it is, all of them are."""
        shards = sorted(path.name for path in self.folder.glob("*.safetensors"))
        text = json.dumps({**self._form, "shards": shards}, indent=2, ensure_ascii=False)
        publish(self.folder / CONTENTS, text.encode())
