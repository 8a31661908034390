"""Who was paid how much in a year, and what is known of them: one row a body, year and payee. NaN is not known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tests.recompute.facts import Registers
from tests.recompute.published import SCOPE, year_before
from tests.recompute.registers import emissions_of

#: Marks of codes of districts.
DISTRICTS = ("E06", "E07", "E08", "E09", "W06", "S12", "N09")


@dataclass
class Ground:
    """
    What is known besides the payments.

    Attributes:
        region_of: Region of each district.
        deprived: Of each postcode, whether it lies in the most deprived fifth.
        emissions: Rows of the factors, as printed; none where they are not at hand.
    """

    registers: Registers
    region_of: Mapping[str, str]
    deprived: Mapping[str, bool]
    emissions: list[dict[str, str]]
    facts: dict[str, dict] = field(default_factory=dict)

    def of(self, supplier: str) -> dict:
        """Facts about a supplier, looked up once."""
        if supplier not in self.facts:
            self.facts[supplier] = self.registers.of(supplier)
        return self.facts[supplier]


def agreed(rows: pd.DataFrame, keys: list[str], columns: list[str]) -> pd.DataFrame:
    """The answer of each payee: that of its lines where those that answer agree."""
    grouped = rows.groupby(keys, sort=True, observed=True)
    low, high = grouped[columns].min(), grouped[columns].max()
    return low.where(low == high)


def payee_years(
    lines: pd.DataFrame, ground: Ground, areas: Mapping[str, Collection[str]], regions: Mapping[str, str],
    near: Mapping[str, Collection[str]], links: Mapping[tuple[str, str], float], divided: Collection[str],
) -> pd.DataFrame:  # fmt: skip
    """
    Payees of each year.

    Args:
        lines: Payments; `who` paid, the body or part or cluster.
        areas, near: Districts of each `who`, and those of its own and bordering counties.
        regions: Region of each `who`.
        divided: Of these, nobody can say whether an address in their districts was in their area.
        links: How sure it is that a supplier of `who` is that body.
    """
    keys = ["who", "period", "unit", "payee_class"]
    said = lines.groupby(
        [*keys, "supplier_id", "payee_lad_code", "postcode", "payee_lad_source"], observed=True, as_index=False
    )["pence"].sum()
    pairs = said[["who", "payee_lad_code"]].drop_duplicates()
    pairs = pairs[pairs["payee_lad_code"] != ""]
    answers = [
        (np.nan if who in divided and code in areas[who] else code in areas.get(who, ()), code in near.get(who, ()),
         ground.region_of[code] == regions[who] if code in ground.region_of and who in regions else np.nan)
        for who, code in pairs.itertuples(index=False)
    ]  # fmt: skip
    pairs[["here", "near", "in_region"]] = pd.DataFrame(
        np.array(answers, dtype="float64").reshape(-1, 3), index=pairs.index
    )
    said = said.merge(pairs, on=["who", "payee_lad_code"], how="left")
    home = said["supplier_id"].map({s: ground.of(s)["postcode"] for s in said["supplier_id"].unique() if s})
    said["deprived"] = said["postcode"].where(said["postcode"] != "", home).map(ground.deprived).astype("float64")
    said["has_address"], said["registered"] = said["payee_lad_code"] != "", said["payee_lad_source"] == "register"
    answers = agreed(said, keys, ["here", "near", "in_region", "deprived"])
    sums = said.groupby(keys, observed=True).agg(
        net=("pence", "sum"), supplier=("supplier_id", "max"), has_address=("has_address", "any"),
        registered=("registered", "any"),
    )  # fmt: skip
    payees = sums.join(answers).reset_index()
    payees["scope"] = payees["payee_class"].map(SCOPE).where(payees["payee_class"].isin(SCOPE), 0.0)
    payees = _kept(payees, lines)
    payees = payees[(payees["net"] > 0) & (payees["scope"].ne(0) | (payees["payee_class"] == "public_body"))]
    payees = payees.sort_values(keys, ignore_index=True)
    sites = ground.registers.sites
    sited = [
        w not in divided and bool(sites.get(s, set()) & set(areas.get(w, ())))
        for w, s in zip(payees["who"], payees["supplier"], strict=True)
    ]
    payees["site"] = np.where((payees["here"] == 1) | np.array(sited, dtype=bool), 1.0, np.nan)
    return _described(payees, ground, links)


def _kept(payees: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Whether each payee was paid in the year before too, and whether that year can say so."""
    months = lines.groupby(["who", "period"], observed=True)["month"].nunique()
    enough = set(months[months >= 10].index)
    there = pd.MultiIndex.from_frame(payees[["who", "period", "unit", "payee_class"]])
    before = payees["period"].map({period: year_before(period) for period in payees["period"].unique()})
    old = pd.MultiIndex.from_arrays([payees["who"], before, payees["unit"], payees["payee_class"]]).isin(there)
    kept = np.where(old, 1.0, np.where(payees["supplier"] != "", 0.0, np.nan))
    has = [pair in enough for pair in zip(payees["who"], before, strict=True)]
    return payees.assign(kept=np.where(payees["scope"].isna(), np.nan, kept), has_before=has)


def _described(payees: pd.DataFrame, ground: Ground, links: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    """What registers say of each payee in its year."""
    ends = payees["period"].str[:4].astype(int) + 1
    tied = payees["supplier"] != ""
    pairs = pd.DataFrame({"supplier": payees["supplier"], "ends": ends}).drop_duplicates()
    pairs = pairs[pairs["supplier"] != ""]
    rows = [(s, e, ground.of(s), ground.registers) for s, e in pairs.itertuples(index=False)]
    table = pairs.assign(
        sme=_numbers(r.sme(s, said, e) for s, e, said, r in rows),
        gap=[r.gap(s, e) for s, e, _, r in rows],
        days=[r.days(s, e) for s, e, _, r in rows],
        **{
            name: _numbers(said[name] for _, _, said, _ in rows)
            for name in ("vcse", "vcse_narrow", "social_form", "statement")
        },
        division=[said["division"] for *_, said, _ in rows],
    )
    payees = payees.assign(ends=ends).merge(table, on=["supplier", "ends"], how="left")
    overseas = payees["supplier"].str.match("GB-COH-(FC|SF|NF)")
    british = payees["has_address"] | payees["supplier"].str.startswith("GB-")
    payees["in_uk"] = np.where(overseas, 0.0, np.where(british, 1.0, np.nan))
    sure = [links.get(pair, np.nan) for pair in zip(payees["who"], payees["supplier"], strict=True)]
    doubt = _doubts(np.array(sure))
    payees["link_doubt"] = np.where(tied, doubt, 0)
    payees["place_doubt"] = np.where(payees["registered"] & tied, doubt, 0)
    return _with_factors(payees, ground)


def _doubts(sure: np.ndarray) -> np.ndarray:
    """How likely a link is wrong, in ten-thousandths: one in fifty where nobody measured it, one in two hundred at least."""
    doubt = np.maximum(50, np.round(10_000 * (1 - sure)))
    return np.where(np.isnan(sure), 200, np.where(sure >= 1, 0, doubt)).astype("int64")


def _with_factors(payees: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Least and most kilograms a pound of each payee, in millionths; of any industry where its own is not known."""
    low, high, known = [np.zeros(len(payees), dtype="int64") for _ in range(3)]
    if ground.emissions:
        by_year = {ends: emissions_of(ground.emissions, ends - 1) for ends in payees["ends"].unique()}
        for at, (ends, division) in enumerate(zip(payees["ends"], payees["division"], strict=True)):
            divisions, outermost = by_year[ends]
            least, most = divisions.get(division, outermost)
            low[at], high[at], known[at] = (
                int(least * 10**6),
                int(most * 10**6),
                division in divisions and least == most,
            )
    return payees.assign(factor_low=low, factor_high=high, factor_known=known.astype(bool))


def _numbers(answers) -> list[float]:
    return [np.nan if answer is None else float(answer) for answer in answers]
