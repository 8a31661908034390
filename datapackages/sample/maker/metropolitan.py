"""What the five metropolitan councils of the sample publish, mess by mess."""

from __future__ import annotations

from maker.containers import Rows, Sheet, delimited, xlsx
from maker.desk import Desk, earlier_version, title
from maker.files import Layout, as_text, fill, headings, month_name, padded, pivot, quarters, table, total_row
from maker.ledger import months_of

NOT_FOUND = b"""<!DOCTYPE html>
<html lang="en"><head><title>Page not found - Northbeck Council</title></head>
<body><h1>Page not found</h1><p>The page you asked for has moved to our new website.</p>
<table><tr><th>Supplier</th><th>Amount</th></tr></table></body></html>
"""


def northbeck(desk: Desk) -> None:
    """CSV: preambles and Windows-1252 pounds, then byte order marks and thousands commas, then the esd layout."""
    old: Layout = [("Body Name", "=Northbeck MBC"), ("Payment Date", "date:dmy"),
                   ("Supplier Name", "payee"), ("Transaction No", "ref"), ("Amount (£)", "amount:pound"),
                   ("Directorate", "department"), ("Purpose of Expenditure", "purpose")]  # fmt: skip
    for month in months_of("2021-22"):
        name, paid = f"NBK spend {month_name(month)}.csv", desk.lines([month])
        if month == "2021-11":
            desk.publish_nothing(name, NOT_FOUND, "an HTML page posing as CSV; the month is nowhere else")
            desk.miss(month)
            continue
        rows = [*title(desk.body.name, [month], len(old)), *table(paid, old), total_row(paid, old, "Total")]
        data = delimited(rows, encoding="cp1252")
        desk.publish(name, data, "headings on line 5, Windows-1252, pound signs, a total row", paid)
        if month == "2021-07":
            desk.publish(
                "expenditure-jul-21 (1).csv",
                data,
                "byte for byte NBK spend July 2021.csv",
                paid,
                status="duplicate",
                speaks=False,
            )
    new: Layout = [("Supplier Name", "payee"), ("Payment Date", "date:dmy"), ("Amount", "amount:comma"),
                   ("Transaction No", "ref"), ("Directorate", "department"),
                   ("Purpose of Expenditure", "purpose"), ("Category", "category")]  # fmt: skip
    for month in months_of("2022-23"):
        paid, name = desk.lines([month]), f"nbk-payments-{month}.csv"
        if month == "2022-08":
            desk.publish(
                name,
                delimited(table(paid, new), line_end="\r\r\n"),
                "every record is followed by an empty one (CR CR LF)",
                paid,
            )
        elif month == "2022-06":
            rows = padded(table(paid, new), 12, 200)
            desk.publish(
                name, delimited(rows), "twelve empty columns on the right, two hundred blank records below", paid
            )
        else:
            desk.publish(
                name, delimited(table(paid, new), encoding="utf-8-sig"), "byte order mark, thousands commas", paid
            )
    esd: Layout = [("OrganisationLabel", "=Northbeck"), ("OrganisationalUnit", "department"),
                   ("BeneficiaryName", "payee"), ("PaymentDate", "date:iso"), ("TransactionNumber", "ref"),
                   ("Amount", "amount:plain"), ("Purpose", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2023-24")):
        paid = desk.lines(months)
        desk.publish(
            f"Payments {quarter} 23-24 FINAL.csv",
            delimited(table(paid, esd), line_end="\n"),
            "quarterly, esd headings, LF",
            paid,
        )
    mark: Rows = [["Northbeck Council orgn ref E08999001", "", "", "", ""]]
    for year in ("2022-23", "2023-24"):
        for quarter, months in quarters(months_of(year)):
            desk.publish_cards(
                f"Purchase cards {quarter} {year[2:]}.csv",
                months,
                14,
                "purchasing cards beside payments; a title line",
                mark,
            )


SALTMERE: Layout = [("Supplier Name", "payee"), ("Reference", "ref"), ("Payment Date", "date:cell"),
                    ("Amount", "amount:cell"), ("Directorate", "department"), ("Description", "purpose")]  # fmt: skip


def saltmere(desk: Desk) -> None:
    """XLSX of every sort: merged titles, net and gross, two versions, serial numbers, hidden sheets, a pivot."""
    saltmere_titled(desk)
    saltmere_amended(desk)
    saltmere_sheets(desk)
    desk.publish_cards("procurement-card-2023-24.csv", months_of("2023-24"), 10, "purchasing cards, a year in one file")


def saltmere_titled(desk: Desk) -> None:
    """Saltmere 2021-22: titles in merged cells, net and VAT and gross; December is damaged."""
    three: Layout = [("Supplier", "payee"), ("Invoice Ref", "ref"), ("Date Paid", "date:cell"),
                     ("Net Amount", "amount:cell"), ("VAT", "vat:cell"), ("Gross Amount", "gross:cell"),
                     ("Service", "department"), ("Narrative", "purpose")]  # fmt: skip
    whole = [(quarter, months) for quarter, months in quarters(months_of("2021-22")) if quarter != "Q3"]
    singles = [(month_name(month, "%b"), [month]) for month in ("2021-10", "2021-11", "2021-12")]
    for label, months in [*whole, *singles]:
        paid, name = desk.lines(months), f"Saltmere payments {label} 2021-22.xlsx"
        data = xlsx([Sheet("Payments", [*title(desk.body.name, months, 1), *table(paid, three)], merged=["A1:H1"])])
        if months == ["2021-12"]:
            note = "a damaged workbook: the last third is missing; the month is nowhere else"
            desk.publish_nothing(name, data[: len(data) * 2 // 3], note)
            desk.miss(*months)
        else:
            desk.publish(name, data, "title in a merged cell, headings on line 5, net and VAT and gross", paid)


def saltmere_amended(desk: Desk) -> None:
    """Saltmere 2022-23: one sheet a month, two months published twice, three with odd cells."""
    odd = {"2022-05": ("date:serial", "amount:cell", "dates are bare Excel day numbers"),
           "2022-11": ("date:long", "amount:noise", "dates are text, amounts carry float noise"),
           "2023-02": ("date:cell", "amount:comma", "amounts are text with thousands commas")}  # fmt: skip
    for month in months_of("2022-23"):
        paid, name = desk.lines([month]), f"Saltmere payments {month_name(month)}.xlsx"
        date_form, money, note = odd.get(month, ("date:cell", "amount:cell", "one sheet, headings on line 1"))
        if month in ("2022-06", "2022-09"):
            older = earlier_version(paid, f"saltmere {month}")
            desk.publish(
                name,
                xlsx([Sheet("Sheet1", table(older, SALTMERE))]),
                "first version, amended since",
                older,
                speaks=False,
            )
            name = name.replace(".xlsx", " v2 amended.xlsx")
            note = "the same month again, some rows changed, one gone, one new, one name withheld"
        layout = [
            (heading, {"date:cell": date_form, "amount:cell": money}.get(spec, spec)) for heading, spec in SALTMERE
        ]
        desk.publish(name, xlsx([Sheet("Sheet1", table(paid, layout))]), note, paid)


def saltmere_sheets(desk: Desk) -> None:
    """Saltmere 2023-24: several sheets, a pivot, hidden sheets; the last quarter by month, two of them as CSV too."""
    for quarter, months in quarters(months_of("2023-24"))[:3]:
        paid = desk.lines(months)
        secret = Sheet("Working - not for publication", table(paid[:25], SALTMERE), hidden=True)
        if quarter == "Q1":
            sheets = [Sheet(month_name(month, "%b %y"), table(desk.lines([month]), SALTMERE)) for month in months]
            note, tables = "a sheet for each month, and a hidden sheet that repeats some rows", 3
        else:
            sheets, tables = [Sheet("Pivot", pivot(paid)), Sheet("Data", table(paid, SALTMERE))], 1
            note = "a pivot of sums first, then the payments, and a hidden sheet that repeats some rows"
        desk.publish(f"Saltmere payments {quarter} 2023-24.xlsx", xlsx([*sheets, secret]), note, paid, tables=tables)
    for month in ("2024-01", "2024-02", "2024-03"):
        paid = desk.lines([month])
        desk.publish(
            f"Saltmere payments {month_name(month)}.xlsx",
            xlsx([Sheet("Sheet1", table(paid, SALTMERE))]),
            "one sheet",
            paid,
        )
        if month != "2024-03":
            data = delimited(table(paid, as_text(SALTMERE, "date:dmy", "amount:plain")))
            note = "the same month as the XLSX beside it, as CSV"
            desk.publish(f"Saltmere payments {month_name(month)}.csv", data, note, paid, speaks=False)


def dunmere(desk: Desk) -> None:
    """Text of every dialect: UTF-16, tabs, trailing minus, CR; headings repeated; payees end at 30 letters."""
    layout: Layout = [("DATE", "date:short"), ("CREDITOR NAME", "payee"), ("AMOUNT", "amount:trailing"),
                      ("REF", "ref"), ("SERVICE AREA", "department"), ("EXPENDITURE TYPE", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2021-22")):
        paid, wide = desk.lines(months), quarter in ("Q1", "Q2")
        data = delimited(table(paid, layout), delimiter="\t", encoding="utf-16" if wide else "utf-8")
        note = f"tab-delimited under .csv{', UTF-16' if wide else ''}, trailing minus, payees cut at 30 letters"
        desk.publish(f"dunmere_{quarter.lower()}_2021_22.csv", data, note, paid)
    credit: Layout = [(heading, spec.replace("trailing", "cr")) for heading, spec in layout]
    for month in months_of("2022-23"):
        paid, name = desk.lines([month]), f"Spend {month_name(month, '%m %Y')}.csv"
        if month == "2022-07":
            desk.publish_nothing(name, b"", "an empty file; the month is nowhere else")
            desk.miss(month)
            continue
        pages: Rows = []
        for at in range(0, len(paid), 40):
            pages += table(paid[at : at + 40], credit)
        pages += [
            total_row(paid, credit, "REPORT TOTAL"),
            [""] * len(credit),
            ["* CR marks a credit note"],
            ["End of report"],
        ]
        desk.publish(
            name, delimited(pages), "headings again every 40 rows, credits marked CR, a total, footnotes", paid
        )
    last: Layout = [("Creditor", "payee"), ("Paid on", "date:dmy2"), ("Net Value", "amount:spaced"),
                    ("Ref", "ref"), ("Service Area", "department"), ("Expenditure Type", "purpose"),
                    ("Spend Category", "category")]  # fmt: skip
    for month in months_of("2023-24"):
        paid = desk.lines([month])
        rows: Rows = [["DUNMERE MBC", *[""] * 6], *table(paid, last)]
        note = "blanks around amounts, two-digit years, one title line"
        if month == "2023-09":
            rows += [
                ["Nezzholt Motors Ltd", "14/09/23", "#REF!", "30990001", "Environment", "Vehicle hire", "Transport"],
                ["Nezzholt Motors Ltd", "14/09/23", "107694 2", "30990002", "Environment", "Vehicle hire", "Transport"],
            ]
            note = "two amounts cannot be read (#REF! and 107694 2): rejected, not counted"
        desk.publish(f"Spend {month_name(month, '%m %Y')}.csv", delimited(rows), note, paid)


def kelderby(desk: Desk) -> None:
    """Postcodes of payees; subtotals; monthly files beside quarterly ones; lines posted a month late."""
    layout: Layout = [("Supplier", "payee"), ("Supplier Postcode", "postcode"), ("Paid", "date:dots"),
                      ("Amount Paid", "amount:bracket"), ("Invoice", "ref"), ("Department", "department"),
                      ("Detail", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2021-22")):
        paid = sorted(desk.lines(months), key=lambda line: (line.department, line.day, line.reference))
        rows: Rows = [headings(layout)]
        for department in sorted({line.department for line in paid}):
            part = [line for line in paid if line.department == department]
            rows += [*fill(part, layout), total_row(part, layout, f"{department} Total")]
        rows.append(total_row(paid, layout, "Grand Total"))
        desk.publish(
            f"Kelderby {quarter} 2021-22.csv",
            delimited(rows),
            "a subtotal for each department, a grand total, brackets",
            paid,
        )
    for quarter, months in quarters(months_of("2022-23")):
        for month in months:
            paid = desk.lines([month])
            if quarter == "Q3":
                paid = paid[:-2]
            note = "two rows fewer than the quarterly file" if quarter == "Q3" else "dates with dots, brackets"
            desk.publish(f"kelderby-{month}.csv", delimited(table(paid, layout)), note, paid, speaks=quarter != "Q3")
        if quarter in ("Q2", "Q3"):
            paid = sorted(desk.lines(months), key=lambda line: (line.payee, line.day))
            note = "the months again, in order of payee" + (
                ", and two rows more for each month" if quarter == "Q3" else ""
            )
            desk.publish(
                f"Kelderby {quarter} 2022-23 all.csv",
                delimited(table(paid, layout)),
                note,
                paid,
                speaks=quarter == "Q3",
            )
    timed = [
        (heading, spec.replace("date:dots", "date:iso_time").replace("bracket", "pound_bracket"))
        for heading, spec in layout
    ]
    for month in months_of("2023-24"):
        paid = desk.lines([month])
        note = "ISO dates with a time, pounds in brackets, some lines of the month before"
        desk.publish(f"kelderby-{month}.csv", delimited(table(paid, timed)), note, paid)


def oxenhythe(desk: Desk) -> None:
    """Leaked query text, registration numbers, a file without headings, personal data, a register of contracts."""
    first: Layout = [("Supplier(T)", "payee"), ("Pay date", "date:dashes"),
                     ("Curr. amount", "amount:comma"), ("TransNo", "ref"), ("Service(T)", "department"),
                     ("Account(T)", "purpose")]  # fmt: skip
    query: Rows = [["query agr_getbrowser 'OX500'"], ["sort 2,1"], ["columns 1,2,3,4,5,6"]]
    for month in months_of("2021-22"):
        if month == "2022-02":
            desk.miss(month)
            continue
        paid = desk.lines([month])
        desk.publish(
            f"ox-500-{month}.csv",
            delimited([*query, *table(paid, first)], encoding="cp1252"),
            "query text above the headings",
            paid,
        )
    numbered: Layout = [("Supplier Name", "payee"), ("Comp. reg. no", "company"),
                        ("Charity Number", "charity"), ("Date", "date:dmy"), ("TransNo", "ref"),
                        ("Amount", "amount:spaced"), ("Description of Spend(T)", "purpose")]  # fmt: skip
    for month in months_of("2022-23"):
        paid = desk.lines([month])
        layout, note = numbered, "company and charity numbers in two columns"
        if month == "2022-12":
            layout, note = (
                [(h, s.replace("date:dmy", "date:serial")) for h, s in numbered],
                "dates are Excel day numbers in a CSV",
            )
        desk.publish(f"ox-500-{month}.csv", delimited(table(paid, layout)), note, paid)
    for month in months_of("2023-24"):
        paid = desk.lines([month])
        rows, note = padded(table(paid, numbered), 3), "three empty columns on the right"
        if month == "2023-05":
            rows, note = rows[1:], "no headings; the columns are those of the months around it"
        if month == "2023-10":
            note = (
                "a National Insurance number, an e-mail address, bank details and a private address in the descriptions"
            )
        desk.publish(f"ox-500-{month}.csv", delimited(rows), note, paid)
    register: Rows = [
        ["Contract reference", "Title", "Supplier", "Company number", "Start date", "End date", "Contract value (£)"]
    ]
    for at, line in enumerate(desk.lines(["2023-04"])[:25]):
        number = line.supplier.number if line.supplier else ""
        value = abs(line.pence) * 12 / 100
        register.append([f"OX{at:04d}", "Framework", line.payee, number, "01/04/2023", "31/03/2026", value])
    note = "a register of contracts, not payments"
    desk.publish_nothing("contracts-register-march-2024.xlsx", xlsx([Sheet("Contracts", register)]), note, "not_spend")


METROPOLITAN = {"northbeck": northbeck, "saltmere": saltmere, "dunmere": dunmere, "kelderby": kelderby,
                "oxenhythe": oxenhythe}  # fmt: skip
