"""
What anybody can do with the published files and pandas alone: three figures again, to the last digit.

    python outsider.py FOLDER      the folder of the package for all: figures.csv, payments.csv, publishers.csv

Nothing of the project is used. The words are those of the method pages: a payee is the legal body where one was found, else
the name as published with its class; payees whose refunds exceed their payments are left out of shares; cards are apart.
"""

import sys
from pathlib import Path

import pandas as pd

#: Classes of payees that count as suppliers, and those of which nobody can say whether they do.
SUPPLIERS, UNKNOWN = ("supplier", "arms_length", "intermediary"), ("redacted", "unreadable")


def read(folder, table):
    """A published table, every cell as it stands."""
    frame = pd.read_csv(Path(folder) / f"{table}.csv", dtype="str", keep_default_na=False)
    return frame.map(lambda cell: cell.removeprefix("'"))


def payments_of(folder):
    """Payments with whole pence, financial year and payee."""
    payments = read(folder, "payments")
    payments = payments[(payments["dataset_kind"] == "payments") & (payments["month"] != "")].copy()
    payments["pence"] = payments["amount"].str.replace(".", "", regex=False).astype("int64")
    year = payments["month"].str[:4].astype(int) - (payments["month"].str[5:].astype(int) < 4)
    payments["period"] = year.astype(str) + "-" + ((year + 1) % 100).astype(str).str.zfill(2)
    name = payments["payee"].where(payments["payee"] != "", payments["redaction"])
    name = name.mask(payments["payee_missing"] == "withheld", "[masked]")
    unnamed = payments["payee_class"] + "|" + name.str.strip().str.lower()
    payments["unit"] = payments["supplier_id"].where(payments["supplier_id"] != "", unnamed)
    return payments


def payees_of(payments):
    """Net pence of each payee and year that is a supplier, or may be."""
    payments = payments[payments["payee_class"].isin(SUPPLIERS + UNKNOWN)]
    keys = ["publisher", "period", "unit", "payee_class"]
    places = payments[payments["payee_lad_code"] != ""].groupby(keys)["payee_lad_code"].agg(set)
    payees = payments.groupby(keys)["pence"].sum().to_frame("net").join(places.rename("places")).reset_index()
    payees["known"] = payees["payee_class"].isin(SUPPLIERS)
    return payees[payees["net"] > 0]


def spend(payments):
    """Published spending in pounds."""
    return (payments.groupby(["publisher", "period"])["pence"].sum() / 100).to_dict()


def ten_largest(payees):
    """Share of the ten largest suppliers, at least."""
    found = {}
    for key, rows in payees.groupby(["publisher", "period"]):
        named = rows.loc[rows["known"], "net"].nlargest(10).sum()
        found[key] = named / rows["net"].sum()
    return found


def in_the_area(payees, areas):
    """Share with suppliers in the districts that the body serves, at least and at most."""
    found = {}
    for key, rows in payees.groupby(["publisher", "period"]):
        sums = {"yes": 0, "no": 0, "unknown": 0}
        for row in rows.itertuples():
            places = row.places if isinstance(row.places, set) else set()
            answers = {place in areas[key[0]] for place in places} if row.known else set()
            sums["unknown" if len(answers) != 1 else "yes" if True in answers else "no"] += row.net
        base = sum(sums.values())
        found[key] = (sums["yes"] / base, (sums["yes"] + sums["unknown"]) / base)
    return found


def compared(folder):
    """Figure id, what it is, what is published, and what comes out here; of each figure of the three measures."""
    payments, figures = payments_of(folder), read(folder, "figures")
    payees, bodies = payees_of(payments), read(folder, "publishers")
    areas = {body.slug: set((body.areas_served or body.lad_code).split("|")) for body in bodies.itertuples()}
    again = {
        "spend": {key: (value,) for key, value in spend(payments).items()},
        "top-ten-share": {key: (value,) for key, value in ten_largest(payees).items()},
        "e1-stays-in-the-area": in_the_area(payees, areas),
    }
    for figure in figures.itertuples():
        mine = again.get(figure.measure, {}).get((figure.publisher, figure.period))
        if mine is not None and figure.low != "":
            said = (float(figure.low), float(figure.high))[: len(mine)]
            yield figure.figure_id, f"{figure.measure} {figure.publisher} {figure.period}", said, mine


if __name__ == "__main__":
    wrong = 0
    for figure_id, what, said, mine in compared(sys.argv[1]):
        wrong += said != mine
        print(  # noqa: T201 -- a script says what it found
            f"{figure_id} {what}: {' to '.join(str(float(end)) for end in mine)}{'' if said == mine else f', and published is {said}'}"
        )
    sys.exit(bool(wrong))
