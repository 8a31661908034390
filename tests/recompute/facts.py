"""What registers say about each supplier: is it small, a charity, member-owned, and in which industry. `None` is not known."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from tests.recompute.registers import company, decimal, key

SMALL_ACCOUNTS = ("SMALL", "TOTAL EXEMPTION FULL", "TOTAL EXEMPTION SMALL", "UNAUDITED ABRIDGED", "AUDITED ABRIDGED",
                  "PARTIAL EXEMPTION")  # fmt: skip
#: Staffing, security, cleaning and care, where many staff can stand behind a small turnover.
MANY_STAFF = (78, 80, 81, 87, 88)
FOR_OWNERS = ("PRIVATE LIMITED COMPANY", "PUBLIC LIMITED COMPANY", "LIMITED PARTNERSHIP", "LIMITED LIABILITY PARTNERSHIP",
              "OVERSEA COMPANY", "OVERSEAS ENTITY")  # fmt: skip
BROAD = re.compile(r"\b(UNIVERSIT|SCHOOL|ACADEM|COLLEGE|HOUSING|NHS|HOSPITAL|COUNCIL)", re.ASCII)
CO_OP = re.compile(r"\bCO.?OP", re.ASCII)


def day_of(text: str) -> tuple[int, int, int] | None:
    """Year, month, day of a day printed as 31/03/2023."""
    found = re.match(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})", text)
    return (int(found[3]), int(found[2]), int(found[1])) if found else None


class Registers:
    """Companies, charities and reports by supplier id; where two editions are at hand, the one with the newer accounts."""

    def __init__(self, files: dict[str, list[list[dict[str, str]]]]):
        self._ended: dict[tuple[str, int], tuple[int, int, int]] = {}
        flat = {name: [row for rows in lists for row in rows] for name, lists in files.items()}
        self.firms: dict[str, dict[str, str]] = {}
        for row in sorted(flat.get("companies", ()), key=_newest_first):
            self.firms.setdefault(company(row["number"]), row)
        self.charities: dict[str, dict[str, str]] = {}
        for row in sorted(flat.get("charities", ()), key=_richest_first):
            self.charities.setdefault(f"GB-CHC-{row['number'].strip().upper()}", row)
        numbers = {row["company"].strip() for row in flat.get("charities", ())} - {"", "0"}
        self.charitable = {f"GB-COH-{number.zfill(8)}" for number in numbers}
        self.gaps: dict[tuple[str, int], tuple[str, str]] = {}
        for row in sorted(flat.get("pay_gaps", ()), key=lambda row: (row["gap"], row["size"])):
            due = re.search(r"\d{4}", row["due"])
            if row["number"].strip() and due:
                self.gaps.setdefault((company(row["number"]), int(due[0])), (row["gap"], row["size"]))

        self.statements = {company(row["number"]) for row in flat.get("statements", ())} - {""}
        districts = {
            key(row["postcode"]): row["district"] for name in ("directory", "postcodes") for row in flat.get(name, ())
        }
        self.sites: dict[str, set[str]] = {}
        for row in flat.get("sites", ()):
            if district := districts.get(key(row["postcode"])):
                self.sites.setdefault(company(row["number"]), set()).add(district)
        self.practices: dict[tuple[str, int], str] = {}
        for row in sorted(flat.get("practices", ()), key=lambda row: (row["days"], row["soon"])):
            self._practice(row)

    def _practice(self, row: dict[str, str]) -> None:
        """Of the reports whose period ended in a financial year, the latest speaks."""
        year, month, day = map(int, row["ended"].split("-"))
        held = (company(row["number"]), year + (month > 3))
        if (year, month, day) > self._ended.get(held, (0, 0, 0)):
            self._ended[held], self.practices[held] = (year, month, day), row["days"]

    def days(self, supplier: str, ends: int) -> Decimal | None:
        """How many days it took to pay, by its report for the year."""
        return decimal(self.practices.get((supplier, ends), ""))

    def of(self, supplier: str) -> dict[str, Any]:
        """Everything that does not depend on the year."""
        firm, charity = self.firms.get(supplier, {}), self.charities.get(supplier, {})
        kind, mark = firm.get("category", "").upper(), (re.match(r"GB-COH-([A-Z]{2})", supplier) or ("", ""))[1]
        sic = (re.match(r"\s*(\d{4,5})", firm.get("sic", "")) or ("", ""))[1][:-3]
        division = int(sic) if sic else None
        name = (firm.get("name") or charity.get("name") or "").upper() if firm or charity else ""
        social = (
            supplier in self.charitable or mark in ("CE", "CS") or supplier.startswith(("GB-CHC-", "GB-SC-", "GB-NIC-"))
            or kind.startswith("COMMUNITY INTEREST") or "CHARITABLE INCORPORATED" in kind
        )  # fmt: skip
        members = (
            kind.startswith("COMMUNITY INTEREST") or "REGISTERED SOCIETY" in kind
            or bool(re.search("INDUSTRIAL.*PROVIDENT", kind)) or mark in ("RS", "IP", "SP", "NP")
            or supplier.startswith("GB-MPR-")
        )  # fmt: skip
        owners = kind in FOR_OWNERS or mark in ("OC", "SO", "NC", "LP", "SL", "FC", "SF", "NF")
        vcse = True if social else None if members or not owners else False
        income = decimal(charity.get("income", ""))
        return {
            "postcode": key(firm.get("postcode") if firm else charity.get("postcode", "")) if firm or charity else "",
            "division": division, "made_up": day_of(firm.get("made_up", "")),
            "accounts_say": self._accounts_say(kind, firm.get("accounts", "").upper(), division),
            "income_says": True if income is not None and income <= 1_000_000 else None,
            "vcse": vcse,
            "vcse_narrow": False if social and (division == 85 or BROAD.search(name)) else vcse,
            "statement": True if supplier in self.statements else None,
            "social_form": True if members else None if CO_OP.search(name) else False if owners or social else None,
        }  # fmt: skip

    @staticmethod
    def _accounts_say(kind: str, accounts: str, division: int | None) -> bool | None:
        if kind == "PUBLIC LIMITED COMPANY":
            return None
        small = accounts in SMALL_ACCOUNTS and division is not None and division not in MANY_STAFF
        return True if accounts == "MICRO ENTITY" or small else None

    def sme(self, supplier: str, said: dict[str, Any], ends: int) -> bool | None:
        """Whether a supplier was an SME in the financial year that ends in March of a year."""
        made_up = said["made_up"]
        in_time = made_up is not None and abs((made_up[0] - ends) * 12 + made_up[1] - 3) <= 36
        accounts = said["accounts_say"] if in_time else None
        _, size = self.gaps.get((supplier, ends), ("", ""))
        if size not in ("Less than 250", "Not Provided", ""):
            return None if accounts else False
        return accounts if accounts is not None else said["income_says"]

    def gap(self, supplier: str, ends: int) -> Decimal | None:
        """The median pay gap that it reported for the year, in points."""
        return decimal(self.gaps.get((supplier, ends), ("", ""))[0])


def _newest_first(row: dict[str, str]) -> tuple[Any, ...]:
    year, month, day = day_of(row["made_up"]) or (0, 0, 0)
    return (-year, -month, -day, *(row[name] for name in ("category", "accounts", "sic", "name", "postcode")))


def _richest_first(row: dict[str, str]) -> tuple[Any, ...]:
    income = decimal(row["income"])
    return (income is None, -(income or 0), row["name"], row["postcode"])
