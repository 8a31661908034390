"""From features to a confidence that means what it says, and from that to accepted, for review, or none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dagster_project.match.comparing import FEATURES

ACCEPTED, REVIEW, NONE = "accepted", "review", "none"


@dataclass(frozen=True)
class Weights:
    """
    What each feature weighs, and where the outcomes part.

    Attributes:
        of: In the order of `comparing.FEATURES`.
        anybody: What speaks for a pair before anything is known of it; against the choice "none of these", at nought.
        accept: Confidence from which a match is accepted.
        review: Confidence from which a body is named for review.
    """

    of: tuple[float, ...]
    anybody: float
    accept: float
    review: float

    @classmethod
    def from_names(cls, named: Mapping[str, float]) -> Weights:
        """
        From names to weights.

        Raises:
            KeyError: a feature has no weight.
        """
        return cls(
            tuple(named[name] for name in FEATURES), named["anybody"], named["accept from"], named["review from"]
        )


def support(values: Sequence[float], weights: Weights) -> float:
    """How much speaks for one pair, as the logarithm of its odds against none."""
    return weights.anybody + sum(weight * value for weight, value in zip(weights.of, values, strict=True) if value)


def confidences(supports: Sequence[float]) -> list[float]:
    """
    How likely each of several bodies is the one meant, where exactly one of them is, or none.

    A conditional logit with "none" at nought: two bodies that fit alike halve each other's confidence, so that silence
    follows where nothing decides.
    """
    top = max([0.0, *supports])
    shares = [math.exp(one - top) for one in supports]
    total = math.exp(-top) + sum(shares)
    return [share / total for share in shares]


def outcome(confidence: float, weights: Weights) -> str:
    """Accepted, for review, or none."""
    if confidence >= weights.accept:
        return ACCEPTED
    return REVIEW if confidence >= weights.review else NONE
