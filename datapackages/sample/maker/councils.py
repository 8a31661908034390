"""What the districts, the unitary, the county and the London borough of the sample publish, mess by mess."""

from __future__ import annotations

from maker.containers import Sheet, delimited, ods, unzipped, xls, xlsx, zipped
from maker.desk import Desk, earlier_version, stated
from maker.files import Layout, as_text, fill, headings, month_name, quarters, table, total_row
from maker.ledger import BARE_QUOTE, months_of, total


def fenholt(desk: Desk) -> None:
    """A small district that ended in March 2023: CR line ends, code page 850, file names of a download."""
    layout: Layout = [("Service Area", "department"), ("Description", "purpose"), ("FDC Ref No.", "ref"),
                      ("Name:  ", "payee"), ("Payment Date", "date:dmy"),
                      ("Net Amount (£)", "amount:plain")]  # fmt: skip
    for year in ("2021-22", "2022-23"):
        for quarter, months in quarters(months_of(year)):
            paid, at = desk.lines(months), int(quarter[1])
            forms = {1: ("\r", "cp1252", "lines end with CR alone"),
                     2: ("\r\n", "cp850", "the pound sign is byte 9C (code page 850)"),
                     3: ("\n", "utf-8", "amounts with trailing minus"),
                     4: ("\r\n", "cp1252", "first record blank, mixed date forms")}  # fmt: skip
            line_end, encoding, note = forms[at]
            rows = table(paid, [(h, s.replace("plain", "trailing" if at == 3 else "plain")) for h, s in layout])
            if at == 4:
                half = [(heading, spec.replace("date:dmy", "date:long")) for heading, spec in layout]
                rows = [[""] * 6, headings(layout), *fill(paid[::2], layout), *fill(paid[1::2], half)]
            name = f"{1600000000000 + 8121977 * at}_{year[2:4]}{at:02d}.csv"
            data = delimited(rows, line_end=line_end, encoding=encoding)
            if BARE_QUOTE in (line.purpose for line in paid):
                data = data.replace(b'"5"" pipe fittings"', BARE_QUOTE.encode())
                note += ", a quote that is neither doubled nor enclosed"
            desk.publish(name, data, note, paid)


def ashwold(desk: Desk) -> None:
    """The council that followed Fenholt in April 2023: payees that attack a reader, then OpenDocument sheets."""
    layout: Layout = [("Beneficiary", "payee"), ("Date of payment", "date:dmy"),
                      ("Amount £", "amount:comma"), ("Payment ref", "ref"), ("Directorate", "department"),
                      ("Purpose", "purpose")]  # fmt: skip
    for month in months_of("2023-24"):
        paid, name = desk.lines([month]), f"ashwold-spend-{month}"
        if month < "2023-08":
            desk.publish(
                f"{name}.csv",
                delimited(table(paid, layout)),
                "payees with markup, formulas, direction marks, 4,000 letters",
                paid,
            )
        elif month < "2024-01":
            rows = table(paid, layout)
            if month == "2023-09":
                rows[:1] = [
                    ["", "Date of", "Amount", "Payment", "", ""],
                    ["Beneficiary", "payment", "£", "ref", "Directorate", "Purpose"],
                ]
            rows = [*rows, ["", "", "", "", "", f"Lines: {len(paid)}. Sum: {stated(total(paid))}"]]
            note = "a closing sentence with the sum in the last column" + (
                ", headings in two records" if month == "2023-09" else ""
            )
            desk.publish(f"{name}.csv", delimited(rows), note, paid)
        else:
            typed = [(h, s.replace("date:dmy", "date:cell").replace("amount:comma", "amount:cell")) for h, s in layout]
            desk.publish(f"{name}.ods", ods([Sheet("Spend", table(paid, typed))]), "an OpenDocument sheet", paid)


def marrowshire(desk: Desk) -> None:
    """A county by quarter: OpenDocument, sums above the headings, group headings; one quarter amended."""
    layout: Layout = [("Supplier Name", "payee"), ("Payment Date", "date:cell"),
                      ("Transaction Ref", "ref"), ("Total Amount", "amount:cell"),
                      ("Service Area Categorisation", "department"), ("Expense Type", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2021-22")):
        paid = desk.lines(months)
        desk.publish(
            f"MCC spend {quarter} 2021-22.ods",
            ods([Sheet("Payments", table(paid, layout))]),
            "an OpenDocument sheet",
            paid,
        )
    for quarter, months in quarters(months_of("2022-23")):
        paid = desk.lines(months)
        rows = [total_row(paid, [("", ""), *layout[1:]], ""), *table(paid, layout)]
        desk.publish(
            f"MCC spend {quarter} 2022-23.xlsx",
            xlsx([Sheet("Final Submission", rows)]),
            "the sum stands above the headings",
            paid,
        )
    for quarter, months in quarters(months_of("2023-24")):
        paid, name = desk.lines(months), f"MCC spend {quarter} 2023-24"
        if quarter == "Q2":
            older = earlier_version(paid, "marrowshire Q2")
            desk.publish(
                f"{name}.xlsx",
                xlsx([Sheet("Payments", table(older, layout))]),
                "first version, amended since",
                older,
                speaks=False,
            )
            name += " AMENDED"
        rows = [[str(heading).replace(" ", "\n") for heading in headings(layout)]]
        for department in sorted({line.department for line in paid}):
            rows += [[department], *fill([line for line in paid if line.department == department], layout)]
        desk.publish(
            f"{name}.xlsx",
            xlsx([Sheet("Payments", rows)]),
            "a heading row for each department, line breaks inside headings",
            paid,
        )


def pellhithe(desk: Desk) -> None:
    """Binary workbooks, one under .csv; a zip of twelve months and one of them again beside it; CSV under .xls."""
    layout: Layout = [("Vendor", "payee"), ("Doc No", "ref"), ("Clearing Date", "date:cell"),
                      ("Amount in LC", "amount:cell"), ("Function", "department"), ("Text", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2021-22")):
        paid = desk.lines(months)
        name = f"pellhithe {quarter} 2021-22.{'csv' if quarter == 'Q4' else 'xls'}"
        note = "a binary Excel workbook" + (" under .csv" if quarter == "Q4" else "")
        desk.publish(name, xls([Sheet("Sheet1", table(paid, layout)), Sheet("Sheet2", [])]), note, paid)
    text = as_text(layout, "date:slashed", "amount:pound")
    members = [("readme.txt", b"Spend over 500 pounds, one file a month.\n")]
    months = months_of("2022-23")
    members += [
        (f"2022-23/payments-{month}.csv", delimited(table(desk.lines([month]), text), encoding="cp1252"))
        for month in months
    ]
    packed = zipped(members)
    note = "a zip of twelve CSV files and a text file"
    desk.publish("pellhithe-2022-23.zip", packed, note, desk.lines(months), tables=12)
    loose = dict(unzipped(packed))["2022-23/payments-2022-07.csv"]
    note = "the bytes of one member of the zip"
    desk.publish("payments-2022-07.csv", loose, note, desk.lines(["2022-07"]), speaks=False)
    for month in months_of("2023-24"):
        paid = desk.lines([month])
        data = delimited(table(paid, text), encoding="utf-8-sig")
        desk.publish(f"Pellhithe {month_name(month, '%b %Y')}.xls", data, "CSV text under .xls", paid)


COUNCILS = {"fenholt": fenholt, "ashwold": ashwold, "marrowshire": marrowshire, "pellhithe": pellhithe}
