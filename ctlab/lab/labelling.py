"""Labels of runs: read from the store, or worked out for all runs whose answers are at hand, a problem at a time."""

from collections.abc import Mapping, Sequence

from ctlab.lab.classifier import Classifier
from ctlab.lab.experiment import Experiment
from ctlab.lab.progress import Progress, condition_times_problem
from ctlab.outcomes import CLASSIFIER_VERSION, Forms
from ctlab.outcomes.labels import Labels
from ctlab.records.derived_key import DerivedKey
from ctlab.records.generation import Generation, answers_digest


class Labelling:
    """Labels of an experiment's runs; those of one are worked out with all that wait for theirs."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._classifiers: dict[str, Classifier] = {}
        self._done: dict[str, tuple[tuple[str, str], Labels]] = {}  # with what they are the labels of

    def labels(
        self, name: str, forms: Forms, answers: Sequence[Generation], waiting: Mapping[str, Sequence[Generation]]
    ) -> Labels:
        """Return the labels of a condition's answers by these forms; ``waiting`` are others that they hold for."""
        classifier, key = self._classifier(forms), self._key(name, forms)
        of, done = self._done.pop(name, (None, None))
        if done is not None and of == (key.digest, answers_digest(answers)):
            return done
        if classifier.stored(key):
            return classifier.classify(key, answers)
        together = {name: (key, answers)}
        for other, said in waiting.items():
            if other not in self._done and not classifier.stored(theirs := self._key(other, forms)):
                together.setdefault(other, (theirs, said))
        size = condition_times_problem(len(together), len(answers))
        progress = Progress(len(together) * len(answers), size, self._experiment.log, verb="labell", patient=True)
        made = classifier.classify_together(together, progress.advance)
        progress.finish()
        for each, (theirs, said) in together.items():
            self._done[each] = (theirs.digest, answers_digest(said)), made[each]
        return self._done.pop(name)[1]

    def _classifier(self, forms: Forms) -> Classifier:
        found = self._classifiers.get(forms.digest)
        if found is None:
            experiment = self._experiment
            found = Classifier(experiment.store.derived, experiment.problems, forms)
            self._classifiers[forms.digest] = found
        return found

    def _key(self, name: str, forms: Forms) -> DerivedKey:
        # Other forms make other labels of the same answers.
        return self._experiment.derived_key("outcomes", name, CLASSIFIER_VERSION, forms=forms.digest)
