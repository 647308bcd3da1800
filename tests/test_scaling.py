"""The simulation of campaigns: queues against closed forms, and what must be true of any campaign."""

import random
from dataclasses import replace

import pytest

from benchmarks.scaling import row, shards
from benchmarks.scaling_campaign import PROBLEMS, Campaign, Costs
from benchmarks.scaling_queues import Server, Simulation

COSTS = Costs(
    start=2.0, load=1.0, certify=0.1, question=7e-4, answer=1e-4, label=6e-5, write=0.03, write_answer=3e-6,
    bytes_answer=14.0, bytes_entry=15_000.0, first_look=4e-4, look=1e-5, read=4e-6, requests_write=38.0,
)  # fmt: skip


def queue(arrivals, service, slots=1):
    """Everybody who arrives is served; returns the server, the time in the system of each, and the end."""
    time, server, spent = Simulation(), Server("it", slots=slots), []

    def customer(moment):
        yield server, service
        spent.append(time.now - moment)

    for moment in arrivals:
        time.start([customer(moment)], at=moment)
    return server, spent, time.run()


@pytest.mark.parametrize("load", [0.3, 0.5, 0.7])  # nearer to 1 the mean of 30,000 customers says little
def test_the_wait_in_a_queue_is_that_of_the_closed_form(load):
    """M/D/1: arrivals at random, service s at load r: the mean wait is s·r / 2(1 - r) (Pollaczek, Khinchine)."""
    draw, moment, arrivals = random.Random(7), 0.0, []
    for _ in range(30_000):
        moment += draw.expovariate(load)
        arrivals.append(moment)
    server, spent, _ = queue(arrivals, 1.0)
    expected = load / (2 * (1 - load))
    assert server.waited / server.served == pytest.approx(expected, rel=0.08)
    assert spent == pytest.approx([each for _, each in _left(arrivals, 1.0, 1)])


def test_littles_law():
    """Customers in the system on the average are arrivals a second times the time that each spends there."""
    draw = random.Random(3)
    arrivals = sorted(draw.uniform(0, 1000) for _ in range(1500))
    server, spent, end = queue(arrivals, 1.1, slots=2)
    steps = sorted([(moment, 1) for moment in arrivals] + [(a + s, -1) for a, s in _left(arrivals, 1.1, 2)])
    area = inside = before = 0.0
    for moment, change in steps:
        area += inside * (moment - before)
        inside, before = inside + change, moment
    assert area / end == pytest.approx(len(arrivals) / end * sum(spent) / len(spent))
    assert server.busy == pytest.approx(1500 * 1.1)


def _left(arrivals, service, slots):
    """Arrival and time in the system of each, without the simulation: the first slot that is free serves the next."""
    free = [0.0] * slots
    for moment in arrivals:
        slot = min(range(slots), key=free.__getitem__)
        free[slot] = max(free[slot], moment) + service
        yield moment, free[slot] - moment


def test_one_worker_takes_as_long_as_the_sum_of_its_steps():
    campaign = Campaign(costs=COSTS, shards=[(0, 4, 100), (0, 4, 50)], gpus=1, poll=1e9)
    campaign.run()
    answers = 4 * 150
    requests = 3 * 4 + 38 * 2 + 2 + (2 + 1 / 100 + 3)
    looked = 2  # the driver's, before anything is there
    link = COSTS.weights + 2 * COSTS.bytes_entry + COSTS.bytes_answer * answers + COSTS.bytes_entry
    expected = (
        COSTS.start
        + COSTS.load
        + COSTS.certify * 4
        + 150 * (COSTS.question + 4 * COSTS.answer)
        + 2 * COSTS.write
        + answers * COSTS.write_answer
        + COSTS.first_look
        + requests / COSTS.requests_second
        + link / COSTS.bytes_second
    )
    assert campaign.answered == pytest.approx(expected, abs=looked / COSTS.requests_second)
    assert campaign.entries == 2


def test_no_campaign_is_quicker_than_its_gpus_or_its_driver():
    for gpus in (1, 8, 64):
        campaign = Campaign(costs=COSTS, shards=shards(200_000, gpus), gpus=gpus)
        whole = campaign.run()
        assert campaign.answers >= 200_000
        assert campaign.answered >= campaign.gpu.busy / gpus
        assert whole >= campaign.answered + campaign.answers * (COSTS.label + COSTS.read)


def test_the_shards_are_those_that_are_handed_out():
    found = shards(100 * PROBLEMS, 8)
    assert sum(conditions * problems for _, conditions, problems in found) == 100 * PROBLEMS
    assert {group for group, _, _ in found} == {0, 1}
    assert max(conditions for _, conditions, _ in found) == 64


def test_a_store_in_which_every_look_reads_every_entry_becomes_the_neck():
    many = Campaign(costs=COSTS, shards=[(0, 8, 64)] * 3000, gpus=8, remembers=False)
    few = Campaign(costs=COSTS, shards=[(0, 8, 64)] * 3000, gpus=8)
    assert many.run() > 10 * few.run()


def test_workers_that_begin_with_different_conditions_certify_side_by_side():
    made = [(group, 8, 64) for group in range(8) for _ in range(8)]
    side_by_side = Campaign(costs=COSTS, shards=made, gpus=8)
    one_by_one = Campaign(costs=COSTS, shards=made, gpus=8, blocks=False)
    for campaign in (side_by_side, one_by_one):
        campaign.run()
    certified = 8 * COSTS.certify
    assert one_by_one.answered - side_by_side.answered == pytest.approx(7 * certified, rel=0.1)


def test_a_slow_file_server_is_seen():
    slow = replace(COSTS, requests_second=10.0)
    assert row(slow, 200_000, 8)["most"] == "requests"
