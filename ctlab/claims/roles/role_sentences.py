"""What is said of one thought, or of several that do alike: plain sentences, made from roles and nothing else."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.claims.roles.judged_cells import LEFT, NEEDED, JudgedCell, JudgedCells
from ctlab.claims.roles.quoted import Quotes, Sentence
from ctlab.claims.roles.role import Lacks, Role, RoleName


def alone(roles: Sequence[Role], cells: JudgedCells) -> list[Sentence]:
    """Say what one thought does, its roles in order, and where else it is needed."""
    thought = roles[0].thought
    return [*(_ROLES[role.role](role) for role in roles), *_elsewhere(thought, roles, cells)]


def together(roles: Sequence[Role]) -> Sentence:
    """Say what several thoughts do that have the same role; steps in the order of the thoughts."""
    quotes, thoughts, one = Quotes(), ranged([role.thought for role in roles]), len(roles) == 1
    if one and roles[0].role not in (RoleName.CARRIES, RoleName.DECODES):
        return _ROLES[roles[0].role](roles[0])
    for role in roles:
        quotes.about(role.cells)
    match roles[0].role:
        case RoleName.CARRIES | RoleName.DECODES:
            steps = list(dict.fromkeys(quotes.cell(role.cells[0], "value", "count") for role in roles))
            held = (
                f"the result of step {steps[0]}"
                if len(steps) == 1
                else f"the results of steps {formatting.listed(steps)}"
            )
            if roles[0].role == RoleName.DECODES:
                verb, them = ("decodes", "it") if one else ("decode", "them")
                return quotes.sentence(f"{thoughts} {verb} to {held}; {_LACKS[roles[0].lacks].format(it=them)}.")
            cost = quotes.span([role.needed[0] for role in roles], "estimate", "points")
            verb, which = ("carries", "it") if one else ("carry", "one")
            return quotes.sentence(f"{thoughts} {verb} {held}; hiding {which} costs {cost} points there.")
        case RoleName.NEEDED:
            return quotes.sentence(f"{thoughts} are needed; that they carry a step's result is not shown.")
        case RoleName.IDLE:
            margin = quotes.margin(roles[0].cells[0])
            but = _BUT if roles[0].lacks == Lacks.UNREAD else ""
            return quotes.sentence(
                f"{thoughts} are idle: hiding one changes accuracy over all problems by less than {margin} points{but}."
            )
        case RoleName.UNKNOWN:
            return quotes.sentence(f"What {thoughts} do is unknown.")


def _carries(role: Role) -> Sentence:
    quotes, carried, there = Quotes(), role.cells[0], role.needed[0]
    step, rate = quotes.cell(carried, "value", "count"), quotes.cell(carried, "rate", "percent")
    chance, loss = quotes.cell(carried, "chance", "percent"), quotes.cell(there, "estimate", "points")
    where = quotes.cell(there, "place", "place")
    return quotes.sentence(
        f"{role.thought} carries the result of step {step}: it decodes to it in {rate} % of {_n(carried, quotes)} "
        f"problems ({chance} % by chance){_followed(role, quotes)}. Hiding it costs {loss} points in problems of "
        f"{where}{_read(role, quotes)}."
    )


def _followed(role: Role, quotes: Quotes) -> str:
    """Say behind a comma how often the answer follows the thought of a problem with another result."""
    quotes.about(role.exchanged)
    told = next((cell for cell in role.exchanged if "rate" in cell.row and "chance" in cell.row), None)
    if told is None:
        return ""
    rate, chance = quotes.cell(told, "rate", "percent"), quotes.cell(told, "chance", "percent")
    last = " where that is the last step" if told.row.get("last") else ""
    return (
        f", and given another problem's {role.thought} the model uses that problem's result in {rate} % of "
        f"{_n(told, quotes)} ({chance} % by chance){last}"
    )


def _n(cell: JudgedCell, quotes: Quotes) -> str:
    """Write of how many problems a share is: cells are of those that can tell."""
    return quotes.cell(cell, "n", "number")


def _read(role: Role, quotes: Quotes) -> str:
    """Say behind a semicolon what hiding it from one reader alone costs; nothing of whom that is open."""
    if not any(cell.yes for cell in role.read):
        return ""
    said = [
        f"from {cell.row['readers']} alone {quotes.cell(cell, 'estimate', 'points')}" for cell in role.read if cell.yes
    ]
    said += [f"from {cell.row['readers']} alone less than {quotes.margin(cell)}" for cell in role.read if cell.no]
    return f"; hidden {', '.join(said)}"


def _decodes(role: Role) -> Sentence:
    quotes, carried = Quotes(), role.cells[0]
    quotes.about(role.cells)
    step, rate = quotes.cell(carried, "value", "count"), quotes.cell(carried, "rate", "percent")
    chance = quotes.cell(carried, "chance", "percent")
    return quotes.sentence(
        f"{role.thought} decodes to the result of step {step} in {rate} % of {_n(carried, quotes)} problems "
        f"({chance} % by chance); {_LACKS[role.lacks].format(it='it')}."
    )


_LACKS = {
    Lacks.NEED: "that the model needs {it} for its answer is not shown",
    Lacks.ITS_OWN: "that is the answer too, and shorter problems need {it} as well",
    Lacks.EXCHANGE: "that the answer follows {it} is not shown",
    Lacks.JUDGED: "whether the answer follows {it} was not asked",
}


_BUT = ", but exchanging it exchanges answers"
"""Said of an idle thought whose exchange is followed: something reads it, and makes up for it where it is hidden."""


def _needed(role: Role) -> Sentence:
    quotes = Quotes()
    where = _places(role.needed, quotes)
    loss = quotes.span(role.needed, "estimate", "points")
    return quotes.sentence(
        f"{role.thought} is needed in problems of {where} ({loss} points); that it carries a step's result is not "
        "shown."
    )


def _idle(role: Role) -> Sentence:
    quotes = Quotes()
    margin = quotes.margin(role.cells[0])
    quotes.about(role.exchanged)
    but = _BUT if role.lacks == Lacks.UNREAD else ""
    return quotes.sentence(
        f"{role.thought} is idle: hiding it changes accuracy over all problems by less than {margin} points{but}."
    )


def _unknown(role: Role) -> Sentence:
    return Sentence(text=f"What {role.thought} does is unknown: no verdict says it.")


_ROLES = {
    RoleName.CARRIES: _carries,
    RoleName.DECODES: _decodes,
    RoleName.NEEDED: _needed,
    RoleName.IDLE: _idle,
    RoleName.UNKNOWN: _unknown,
}


def _elsewhere(thought: str, roles: Sequence[Role], cells: JudgedCells) -> list[Sentence]:
    """Say of a thought that is needed where it is not needed, where it is needed besides, and where that is open."""
    told = [cell for role in roles for cell in role.needed[:1] if role.role == RoleName.CARRIES]
    told += [cell for role in roles for cell in role.needed if role.role == RoleName.NEEDED]
    if not told:
        return []
    others = [cell for cell in cells.about(NEEDED, thought) if cell not in told and cell.tested]
    quotes, said = Quotes(), []
    needed, idle = ([cell for cell in others if test(cell)] for test in (_yes, _no))
    if needed:
        cost = quotes.span(needed, "estimate", "points")
        said.append(f"{cost} points for {_places(needed, quotes)}")
    if idle:
        margin = quotes.margin(idle[0])
        said.append(f"less than {margin} points for {_places(idle, quotes)}")
    costs = f"Hiding {thought} costs {', '.join(said)}" if said else ""
    if unknown := [cell for cell in others if not cell.yes and not cell.no]:
        what = "that" if said else f"what hiding {thought} costs"
        costs += f"{'; for' if said else 'For'} {_places(unknown, quotes, noun=not said)} {what} is unknown"
    return [quotes.sentence(f"{costs}.")] if costs else []


def _yes(cell: JudgedCell) -> bool:
    return cell.yes


def _no(cell: JudgedCell) -> bool:
    return cell.no


def _places(cells: Sequence[JudgedCell], quotes: Quotes, *, noun: bool = True) -> str:
    """Name places, the noun that they share once, or not at all where it has been said: 2, 3 and 4 operations."""
    places = [quotes.cell(cell, "place", "place") for cell in cells]
    heads, nouns = zip(*(place.partition(" ")[::2] for place in places), strict=True)
    if len({noun.rstrip("s") for noun in nouns}) == 1 and all(head.replace(".", "").isdecimal() for head in heads):
        return f"{formatting.listed(heads)} {nouns[-1]}" if noun else formatting.listed(heads)
    return formatting.listed(places)


def left(thoughts: Sequence[str], cells: JudgedCells) -> list[Sentence]:
    """Say what broken answers are where one of these thoughts is hidden; what most of them have in common first."""
    shown = [cell for thought in thoughts for cell in cells.about(LEFT, thought) if cell.yes]
    kinds = [
        [cell for cell in shown if cell.row["what"] == what] for what in dict.fromkeys(c.row["what"] for c in shown)
    ]
    quotes = Quotes()
    said: list[str] = []
    for chosen in sorted(kinds, key=len, reverse=True):
        names = ranged(list(dict.fromkeys(cell.thought for cell in chosen)), "or")
        answers = "" if said else "of broken answers are "
        said.append(f"without {names}, {quotes.span(chosen, 'rate', 'percent')} % {answers}{chosen[0].row['what']}")
    text = "; ".join(said)
    return [quotes.sentence(f"{text[0].upper()}{text[1:]}.")] if said else []


def ranged(names: Sequence[str], last: str = "and") -> str:
    """Name thoughts: three or more that follow each other by the first and the last."""
    numbers = [int(name[2:]) for name in names if name[2:].isdecimal()]
    if len(numbers) == len(names) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{names[0]} to {names[-1]}"
    return formatting.listed(names, last)
