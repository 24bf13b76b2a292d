"""Does one set of conditions follow from another? Sound but not complete: a “no” may only mean “cannot be told”.

From it comes the direction of a change: whoever meets the new one met the old one (tighter), the other way round
(looser), both (the same), or neither can be shown.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction

from generator.change.nodes import Among, Bound, Covers, Each, Either, Graded, Node, Nodes, Not, Parity, Plain

WORKDAYS = ("workdays", "workdays-after", "workdays-inclusive")  # each counts at least as many days as the one before
LOWER = ("at_least", "more_than", "exactly")
UPPER = ("at_most", "less_than", "exactly")


class Direction(StrEnum):
    """What a change does to whoever complied before."""

    SAME = "same"
    TIGHTER = "tighter"
    LOOSER = "looser"
    UNKNOWN = "unknown"

    def turned(self) -> "Direction":
        """Return the opposite direction."""
        return {Direction.TIGHTER: Direction.LOOSER, Direction.LOOSER: Direction.TIGHTER}.get(self, self)


def join(directions: Sequence[Direction]) -> Direction:
    """Return the direction of several changes together."""
    found = {direction for direction in directions if direction is not Direction.SAME}
    if not found:
        return Direction.SAME
    return found.pop() if len(found) == 1 else Direction.UNKNOWN


def decide(*, tighter: bool, looser: bool) -> Direction:
    """Return the direction: ``tighter`` the new implies the old, ``looser`` the old implies the new."""
    if tighter and looser:
        return Direction.SAME
    return Direction.TIGHTER if tighter else Direction.LOOSER if looser else Direction.UNKNOWN


def compare(old: Nodes, new: Nodes) -> Direction:
    """Return what happens to whoever met the old conditions."""
    return decide(tighter=implies(new, old), looser=implies(old, new))


def implies(premises: Nodes, conclusions: Nodes) -> bool:
    """Return whether every conclusion follows from the premises."""
    return all(follows(premises, conclusion) for conclusion in conclusions)


def follows(premises: Nodes, conclusion: Node) -> bool:
    """Return whether one conclusion follows from the premises."""
    if any(entails(premise, conclusion) for premise in premises):
        return True
    if isinstance(conclusion, Among) and among_entails(common_choice(premises, conclusion.path), conclusion):
        return True
    if isinstance(conclusion, Either) and any(implies(premises, branch) for branch in conclusion.branches):
        return True
    for index, premise in enumerate(premises):
        if isinstance(premise, Either):
            rest = (*premises[:index], *premises[index + 1 :])
            if all(follows((*rest, *branch), conclusion) for branch in premise.branches):
                return True
    return False


def common_choice(premises: Nodes, path: str) -> Among:
    """Return the choice of words that all choices of one fact leave open; one refusing nothing where none is made."""
    choices = [one.words for one in premises if isinstance(one, Among) and (one.how, one.path) == ("in", path)]
    return Among(path, "in", frozenset.intersection(*choices)) if choices else Among(path, "out", frozenset())


def excludes(premises: Nodes, nodes: Nodes) -> bool:
    """Return whether the nodes surely cannot all hold where the premises do."""
    return any(clash(premise, node) for premise in premises for node in nodes) or any(
        isinstance(node, Either) and all(excludes(premises, branch) for branch in node.branches) for node in nodes
    )


def clash(premise: Node, node: Node) -> bool:
    """Return whether two nodes ask for different words of one fact, or one denies the other."""
    if isinstance(node, Not):
        return implies((premise,), node.nodes)
    if not isinstance(premise, Among) or not isinstance(node, Among) or premise.path != node.path:
        return False
    if (premise.how, node.how) == ("in", "in"):
        return not premise.words & node.words
    within, out = (premise, node) if premise.how == "in" else (node, premise)
    return within.how == "in" and out.how == "out" and within.words <= out.words


def entails(premise: Node, conclusion: Node) -> bool:
    """Return whether one node follows from one other."""
    if premise == conclusion:
        return True
    if isinstance(premise, Bound) and isinstance(conclusion, Bound | Parity):
        return bound_entails(premise, conclusion)
    if isinstance(premise, Among | Bound) and isinstance(conclusion, Plain):
        return stated_entails(premise, conclusion)
    if isinstance(premise, Not) and isinstance(conclusion, Not):
        return implies(conclusion.nodes, premise.nodes)
    if isinstance(premise, Each) and isinstance(conclusion, Each):
        reaches = premise.path == conclusion.path and implies(conclusion.where, premise.where)
        return reaches and implies((*conclusion.where, *premise.require), conclusion.require)
    return words_entail(premise, conclusion) or same_rows(premise, conclusion)


def words_entail(premise: Node, conclusion: Node) -> bool:
    """Return whether a set of words, of what is covered, or a table of grades follows from another."""
    if isinstance(premise, Among) and isinstance(conclusion, Among):
        return among_entails(premise, conclusion)
    if isinstance(premise, Covers) and isinstance(conclusion, Covers):
        return premise.path == conclusion.path and premise.words >= conclusion.words
    if isinstance(premise, Graded) and isinstance(conclusion, Graded):
        return graded_entails(premise, conclusion)
    return False


def among_entails(premise: Among, conclusion: Among) -> bool:
    """Return whether a choice of words follows: a narrower choice, or one clear of what is refused."""
    if premise.path != conclusion.path:
        return False
    if premise.how == conclusion.how:
        return premise.words >= conclusion.words if premise.how == "out" else premise.words <= conclusion.words
    return premise.how == "within" and conclusion.how == "out" and not premise.words & conclusion.words


def graded_entails(premise: Graded, conclusion: Graded) -> bool:
    """Return whether every grade's band lies in the other table's."""
    if (premise.path, premise.by) != (conclusion.path, conclusion.by):
        return False
    wide = {grade: (low, high) for grade, low, high in conclusion.rows}
    return all(grade in wide and wide[grade][0] <= low and high <= wide[grade][1] for grade, low, high in premise.rows)


def stated_entails(premise: Among | Bound, conclusion: Plain) -> bool:
    """Return whether a fact that is tested is thereby known to be stated (a “no” is not)."""
    if isinstance(premise, Bound):
        return premise.measure[0] == "fact" and conclusion == Plain("present", premise.measure[1:])
    if conclusion != Plain("present", (premise.path,)):
        return False
    return premise.how != "out" and False not in premise.words


def bound_entails(premise: Bound, conclusion: Bound | Parity) -> bool:
    """Return whether a bound follows from a bound on the same number, or on one that leaves no way out."""
    if isinstance(conclusion, Parity):
        same = premise.measure == conclusion.measure and same_where(premise.where, conclusion.where)
        limit = premise.limit
        if not same or premise.relation != "exactly" or not isinstance(limit, Fraction):
            return False
        return limit % 2 == (conclusion.parity == "odd")
    if premise.unit != conclusion.unit or isinstance(premise.limit, date) != isinstance(conclusion.limit, date):
        return False
    growth = growth_of(premise, conclusion)
    if growth is None:
        return False
    return (growth >= 0 and raises(premise, conclusion)) or (growth <= 0 and lowers(premise, conclusion))


def growth_of(premise: Bound, conclusion: Bound) -> int | None:
    """Return whether the concluded number is always at least (1), equal (0) or at most (-1) the other; else None."""
    if premise.measure == conclusion.measure:
        return growth_of_rows(premise, conclusion)
    same_days = premise.measure[:-1] == conclusion.measure[:-1] and premise.measure[0] == "span"
    units = (premise.measure[-1], conclusion.measure[-1])
    if not same_days or not all(unit in WORKDAYS for unit in units):
        return None
    return 1 if WORKDAYS.index(units[1]) > WORKDAYS.index(units[0]) else -1


def growth_of_rows(premise: Bound, conclusion: Bound) -> int | None:
    """Return the growth by the rows that are counted: more rows, a larger number (sums may go either way)."""
    more = implies(premise.where, conclusion.where)
    fewer = implies(conclusion.where, premise.where)
    if more and fewer:
        return 0
    if premise.measure[0] == "sum":
        return None
    return 1 if more else -1 if fewer else None


def raises(premise: Bound, conclusion: Bound) -> bool:
    """Return whether a lower bound follows from a lower bound."""
    if premise.relation not in LOWER or conclusion.relation not in ("at_least", "more_than"):
        return False
    if conclusion.relation == "more_than" and premise.relation != "more_than":
        return premise.limit > conclusion.limit  # type: ignore[operator]  # (both dates or both numbers)
    return premise.limit >= conclusion.limit  # type: ignore[operator]


def lowers(premise: Bound, conclusion: Bound) -> bool:
    """Return whether an upper bound follows from an upper bound."""
    if premise.relation not in UPPER or conclusion.relation not in ("at_most", "less_than"):
        return False
    if conclusion.relation == "less_than" and premise.relation != "less_than":
        return premise.limit < conclusion.limit  # type: ignore[operator]
    return premise.limit <= conclusion.limit  # type: ignore[operator]


def same_where(left: Nodes, right: Nodes) -> bool:
    """Return whether two conditions pick the same rows."""
    return implies(left, right) and implies(right, left)


def same_rows(premise: Node, conclusion: Node) -> bool:
    """Return whether two nodes differ in nothing but how the same rows are picked, or branches written."""
    if isinstance(premise, Parity) and isinstance(conclusion, Parity):
        same = (premise.measure, premise.parity) == (conclusion.measure, conclusion.parity)
        return same and same_where(premise.where, conclusion.where)
    if isinstance(premise, Bound) and isinstance(conclusion, Bound):
        same = (premise.measure, premise.relation, premise.limit) == (
            conclusion.measure,
            conclusion.relation,
            conclusion.limit,
        )
        return same and premise.unit == conclusion.unit and same_where(premise.where, conclusion.where)
    return False
