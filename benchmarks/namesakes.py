"""
How many names of a register go on where the name of a company ends that is really paid: what `country.py` draws them by.

    python benchmarks/namesakes.py ../shared/match

Needs an audited list of payees and the register names beside it; see the README there. Prints shares and means, by words of the name.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from dagster_project.match.names import key_of_words, plain_words, stem_and_form
from dagster_project.stages.matching import match_words

#: Companies in the whole register, and the word by which a sample of its names is marked.
COMPANIES, SAMPLE = 5_500_000, "CH names sample"


def stem(name: str) -> str:
    """A name without its legal form."""
    return stem_and_form(key_of_words(plain_words(name)), match_words().spellings)[0]


def main(folder: Path) -> None:
    """Count, for each company that is really paid, the names of the sample that go on where its own ends."""
    register = pd.read_csv(folder / "entities.csv.gz", dtype=str, keep_default_na=False)
    truth = pd.read_csv(folder / "truth_public.csv", dtype=str, keep_default_na=False)
    sample = register[register["source"].str.contains(SAMPLE)]
    begun: Counter[str] = Counter()
    for words in (name.split() for name in {stem(name) for name in sample["name"]}):
        begun.update(" ".join(words[:length]) for length in range(1, len(words)))
    names = dict(zip(register["entity_id"], register["name"], strict=True))
    paid = [one.split("|")[0] for one in truth.loc[truth["truth"] == "ENTITY", "truth_entity_id"]]
    stems = [stem(names[one]) for one in paid if one.startswith("GB-COH-")]
    found = pd.DataFrame({"words": [len(one.split()) for one in stems], "names": [begun[one] for one in stems]})
    times = COMPANIES / len(sample)
    print(f"{len(found)} companies paid, {len(sample):,} names of the register, one in {times:.0f}")
    print(f"none {(found['names'] == 0).mean():.1%}, two or more {(found['names'] >= 2).mean():.1%}, ", end="")
    print(f"more than ten {(found['names'] > 10).mean():.2%}")
    longer = found.loc[found["words"] >= 2, "names"]
    print(
        f"in the whole register {found['names'].mean() * times:.1f} on average; of two words or more {longer.mean() * times:.1f}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
