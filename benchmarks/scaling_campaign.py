"""A campaign of many problem-conditions on many GPUs, simulated with the costs that were measured.

Workers take their shards one after the other: they look into the store, certify what is not certified, answer, and keep
what they answered. The driver looks now and then, and at the end reads everything and labels it. Between them and the
store is a file server with so many requests and bytes a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.scaling_queues import Process, Server, Simulation
from ctlab.lab.executors.shards import in_blocks

PROBLEMS = 1319
REQUESTS_A_FILE = 3  # of a client of NFS to read a small file: look up and open, read, close
_NAMES_A_REQUEST = 100  # that a folder's listing brings at once, with their attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What each step costs, in seconds, bytes and requests to the file server; measured, or said to be assumed."""

    start: float
    """Of a worker's process: Python, torch and ctlab, before the model."""
    load: float
    """Of a model, beside the reading of its files."""
    certify: float
    """Of a condition."""
    question: float
    """Of a problem in a batch, whatever the number of conditions."""
    answer: float
    """Of a further condition of that problem."""
    label: float
    """Of an answer, by the driver."""
    write: float
    """Of a batch that is kept, beside what each of its answers costs."""
    write_answer: float
    """Of each answer of it."""
    bytes_answer: float
    """Of an answer in the store."""
    bytes_entry: float
    """Of an entry for a batch, with its list of runs and problems."""
    first_look: float
    """Of an entry that is looked at for the first time by a process."""
    look: float
    """Of an entry that it knows."""
    read: float
    """Of an answer that is read back."""
    requests_write: float
    """To keep a batch."""
    weights: float = 2.5e9
    """Bytes of the model's files: 1.24 G weights in bfloat16. Assumed."""
    requests_second: float = 5_000.0
    """That the file server answers. Assumed."""
    bytes_second: float = 1e9
    """That the file server brings and takes: one link of 10 Gbit/s. Assumed."""


@dataclass(slots=True, kw_only=True)
class Campaign:
    """Who does how much of what, and what became of it."""

    costs: Costs
    """What each step costs."""
    shards: Sequence[tuple[int, int, int]]
    """Each with the number of its group of conditions, its conditions, its problems."""
    gpus: int
    """Workers, each with one."""
    remembers: bool = True
    """Whether a process reads each entry and each certificate once, and not all of them with each look."""
    blocks: bool = True
    """Whether a worker is given shards that follow each other, which have few groups of conditions."""
    poll: float = 30.0
    """Seconds between two looks of the driver."""
    entries: int = 0
    """Batches that are kept so far."""
    answered: float = 0.0
    """When the last worker had finished."""
    requests: Server = field(default_factory=lambda: Server("requests to the file server"))
    """The file server, request by request."""
    link: Server = field(default_factory=lambda: Server("the file server's link"))
    """The file server, byte by byte."""
    gpu: Server = field(init=False)
    """All GPUs together, what they answer."""
    driver: Server = field(default_factory=lambda: Server("the driver"))
    """The driver's one core."""
    looking: Server = field(init=False)
    """All workers together, what they spend on looking."""
    certifying: dict[int, Server] = field(default_factory=dict)
    """Who certifies each group of conditions."""
    certified: float = 0.0
    """Seconds that certifying took, over all GPUs."""
    working: int = 0
    """Workers that have not finished."""

    def __post_init__(self) -> None:
        self.gpu = Server("GPUs", slots=self.gpus)
        self.looking = Server("looking into the store", slots=self.gpus)

    def run(self) -> float:
        """Simulate it; return how long it takes, reading and labels included."""
        time = Simulation()
        count = min(self.gpus, len(self.shards))
        parts = in_blocks(self.shards, count) if self.blocks else [self.shards[start::count] for start in range(count)]
        self.working = len(parts)
        time.start(self._worker(part, time) for part in parts)
        time.start([self._driver(time)])
        return time.run()

    @property
    def answers(self) -> int:
        """Problem-conditions."""
        return sum(conditions * problems for _, conditions, problems in self.shards)

    def _worker(self, shards: Sequence[tuple[int, int, int]], time: Simulation) -> Process:
        costs, known, groups = self.costs, 0, set[int]()
        yield costs.start
        yield self.link, costs.weights / costs.bytes_second
        yield costs.load
        for group, conditions, problems in shards:
            known = yield from self._look(known, self.looking)
            if group not in groups or not self.remembers:
                yield self.requests, REQUESTS_A_FILE * conditions / costs.requests_second  # certificates
            groups.add(group)
            # One worker certifies a group of conditions, the others wait for it.
            seconds = 0.0 if group in self.certifying else costs.certify * conditions
            self.certified += seconds
            yield self.certifying.setdefault(group, Server("certificates")), seconds
            yield self.gpu, problems * (costs.question + conditions * costs.answer)
            answers = conditions * problems
            yield costs.write + costs.write_answer * answers
            yield self.requests, costs.requests_write / costs.requests_second
            yield self.link, (costs.bytes_answer * answers + costs.bytes_entry) / costs.bytes_second
            self.entries += 1
        self.working -= 1
        self.answered = time.now

    def _look(self, known: int, who: Server) -> "Process":
        """Look at what is there, of which ``known`` entries are known; returns how many are known then."""
        there, costs = self.entries, self.costs
        new = there - known if self.remembers else there
        requests = 2 + there / _NAMES_A_REQUEST + REQUESTS_A_FILE * new  # two to look anew
        yield self.requests, requests / costs.requests_second
        yield self.link, costs.bytes_entry * new / costs.bytes_second
        yield who, costs.first_look * new + costs.look * (there - new)
        return there  # type: ignore[return-value]

    def _driver(self, time: Simulation) -> Process:
        costs, known = self.costs, 0
        while self.working:
            known = yield from self._look(known, self.driver)  # type: ignore[assignment]
            yield self.poll
        yield self.requests, REQUESTS_A_FILE * 2 * self.entries / costs.requests_second
        yield self.link, costs.bytes_answer * self.answers / costs.bytes_second
        yield self.driver, costs.read * self.answers
        yield self.driver, costs.label * self.answers
