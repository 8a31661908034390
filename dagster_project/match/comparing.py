"""What speaks for and against one register name being what a payee's name means: a dozen named features."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from dagster_project.match.index import RegisterName
from dagster_project.match.readings import Reading

#: What two forms have in common where a ledger may write one for the other.
_LIMITED = frozenset({"ltd", "plc", "cic", "cio", "scio", "unltd"})

#: Features of a pair, in the order of the vectors; vocabulary/match_weights.csv explains and weighs each.
FEATURES = (
    "same name", "same but for spaces", "same but for spelling", "missing", "extra", "missing structure",
    "extra structure", "loose", "rarity", "bare word", "form agrees", "form only printed",
    "form only registered", "form differs", "form clashes", "previous name", "numbers differ", "first word differs",
    "order differs", "cut off", "left of t/a", "right of t/a", "aside", "coded", "brackets inside", "crowd", "ended", "kind agrees", "kind clashes",
    "had not begun", "had ended", "name not yet taken", "name long given up", "postcode agrees",
)  # fmt: skip
#: What a word tells of which nothing is known, in nats.
UNHEARD_OF = 14.0
#: Words less near than this do not meet.
NEAR_ENOUGH = 0.55


@dataclass(frozen=True, slots=True)
class Alignment:
    """
    How the words of two names meet. All figures in nats (see `index.Found.surprise`).

    Attributes:
        met: Sum over words that meet.
        missing: Sum over the payee's words that the register's name lacks; `missing_structure` those of them in
            `STRUCTURE`, counted.
        extra: Sum over the register's words that the payee's name lacks; `extra_structure` likewise.
        loose: What is lost because words meet only as abbreviation, misspelling or cut-off word.
    """

    met: float
    missing: float
    extra: float
    loose: float
    missing_structure: int
    extra_structure: int
    numbers_differ: bool
    first_differs: bool
    order_differs: bool
    is_cut: bool


def _nearness(one: str, other: str) -> float:
    """How well two different words may be one, 0 to 1: cut off, abbreviated or misspelt."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if short.isdigit() or long.isdigit() or len(short) < 3:
        return 0.0
    if long.startswith(short):
        return 0.5 + 0.4 * len(short) / len(long)
    if len(short) >= 4:
        distance = OSA.distance(one, other, score_cutoff=2)
        if distance == 1 and len(long) >= 5:
            return 0.85 if one[0] == other[0] else 0.7
        if distance == 2 and len(short) >= 8 and one[0] == other[0]:
            return 0.75  # Fallowmere and Willowmere are two places, and no slip of the pen
    if one[0] == other[0] and _is_thinned(short, long):
        return 0.55
    return 0.0


def _is_thinned(short: str, long: str) -> bool:
    """Whether a word is another with letters left out, as in `mngmnt`, at least a third of it."""
    if len(short) * 3 < len(long) or any(sign in "aeiou" for sign in short[1:]):
        return False
    signs = iter(long)
    return all(sign in signs for sign in short)


def align(
    mine: Sequence[str], theirs: Sequence[str], surprise: Mapping[str, float], group_words: frozenset[str],
    may_be_cut: bool = False,
) -> Alignment:  # fmt: skip
    """
    Let the words of two names meet, each word once: equal ones, then joined ones, then near ones.

    Args:
        mine: Words of the payee's stem.
        theirs: Words of the register's stem.
        surprise: See `index.Found`.
        group_words: Words by which companies of one group tell themselves apart, as stems.
        may_be_cut: Whether the payee's last word may be the beginning of a word.
    """
    top = UNHEARD_OF
    left, right = list(mine), list(theirs)
    met = loose = 0.0
    pairs: list[tuple[int, int]] = []
    free = dict.fromkeys(range(len(right)))
    open_mine: list[int] = []
    for i, word in enumerate(left):
        j = next((j for j in free if right[j] == word), None)
        if j is None:
            open_mine.append(i)
        else:
            del free[j]
            pairs.append((i, j))
            met += surprise.get(word, top)
    if open_mine and free:
        open_mine, gained = _meet_joined(left, right, open_mine, free, pairs, surprise, top)
        met += gained
    if open_mine or free:
        initials = "".join(word[0] for word in left), "".join(word[0] for word in right)
        open_mine = [i for i in open_mine if not _is_initials(left[i], initials)]
        for j in [j for j in free if _is_initials(right[j], initials)]:
            del free[j]
    is_cut = False
    for i in list(open_mine):
        is_last = may_be_cut and i == len(left) - 1
        near, at, cut_here = _nearest(left[i], right, free, is_last)
        if near >= NEAR_ENOUGH:
            worth = surprise.get(right[at], top)
            met, loose, is_cut = met + worth * near, loose + worth * (1 - near), is_cut or cut_here
            del free[at]
            open_mine.remove(i)
            pairs.append((i, at))
    order = [j for _, j in sorted(pairs)]
    return Alignment(
        met,
        sum(surprise.get(left[i], top) for i in open_mine),
        sum(surprise.get(right[j], top) for j in free),
        loose,
        sum(left[i] in group_words for i in open_mine),
        sum(right[j] in group_words for j in free),
        any(_has_digit(left[i]) for i in open_mine) or any(_has_digit(right[j]) for j in free),
        0 in open_mine or 0 in free,
        order != sorted(order),
        is_cut,
    )


def _nearest(word: str, right: Sequence[str], free: Iterable[int], is_last: bool) -> tuple[float, int, bool]:
    """The nearest free word: how near, where, and whether the name was cut off in it."""
    best, at, is_cut = 0.0, -1, False
    for j in free:
        was_cut = is_last and right[j].startswith(word)
        near = 0.95 if was_cut else _nearness(word, right[j])
        if near > best:
            best, at, is_cut = near, j, was_cut
    return best, at, is_cut


def _is_initials(word: str, initials: tuple[str, str]) -> bool:
    """Whether a word is the first letters of a name, as a body writes its short name behind its long one."""
    return len(word) > 2 and (word in initials[0] or word in initials[1])


def _has_digit(word: str) -> bool:
    return not word.isalpha()


def _meet_joined(
    left: Sequence[str], right: Sequence[str], open_mine: list[int], free: dict[int, None],
    pairs: list[tuple[int, int]], surprise: Mapping[str, float], top: float,
) -> tuple[list[int], float]:  # fmt: skip
    """Let `care homes` meet `carehomes`, whichever side wrote them as one."""
    gained = 0.0
    for i in list(open_mine):
        for j in list(free):
            if i + 1 in open_mine and left[i] + left[i + 1] == right[j]:
                gained += surprise.get(right[j], top)
                open_mine = [k for k in open_mine if k not in (i, i + 1)]
                del free[j]
                pairs.append((i, j))
                break
            if j + 1 in free and right[j] + right[j + 1] == left[i]:
                gained += surprise.get(left[i], top)
                open_mine = [k for k in open_mine if k != i]
                del free[j], free[j + 1]
                pairs.append((i, j))
                break
    return open_mine, gained


def compare(
    reading: Reading, name: RegisterName, surprise: Mapping[str, float], size: float, group_words: frozenset[str]
) -> tuple[Alignment, list[float]]:
    """
    The features of one pair that need no other pair.

    Returns:
        The alignment, and values in the order of `FEATURES`, where `crowd`, those of `kind`, of time and of postcode are nought.
    """
    mine, theirs = reading.stem.split(), name.stem.split()
    found = align(mine, theirs, surprise, group_words, reading.is_cut)
    is_same = reading.stem == name.stem
    without_spaces = not is_same and reading.stem.replace(" ", "") == name.stem.replace(" ", "")
    if without_spaces:
        total = sum(surprise.get(word, size) for word in mine)
        found = Alignment(total, 0.0, 0.0, 0.0, 0, 0, False, False, False, False)
    exact = is_same and (reading.key == name.key or _bare(reading.key) == _bare(name.key))
    both = bool(reading.form) and bool(name.form)
    same_form = reading.form == name.form
    clashes = both and not same_form and not {reading.form, name.form} <= _LIMITED
    rarity = min(max((found.met - size) / 10, -1.0), 1.0)
    values = [
        exact, without_spaces, is_same and not exact, found.missing / 10, found.extra / 10,
        min(found.missing_structure, 2), min(found.extra_structure, 2), found.loose / 5, rarity,
        len(mine) == 1 and not reading.form, both and same_form, bool(reading.form) and not name.form,
        bool(name.form) and not reading.form,
        both and not same_form and not clashes, clashes, name.is_previous, found.numbers_differ, found.first_differs,
        found.order_differs, found.is_cut, reading.way == "left of t/a", reading.way == "right of t/a",
        reading.way in ("left of dash", "right of dash", "in brackets"),
        reading.way in ("without code", "without brackets", "to the form"), reading.way == "brackets inside", *[0] * 9,
    ]  # fmt: skip
    return found, [float(value) for value in values]


def _bare(key: str) -> str:
    words = [word for word in key.split() if word not in ("and", "the")]
    while len(words) > 1 and words[-1] in _LIMITED | {"llp", "lp", "inc"}:
        words.pop()
    return " ".join(words)
