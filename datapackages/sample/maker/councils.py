"""What the councils of the sample publish, mess by mess."""

from __future__ import annotations

from maker.containers import Rows, Sheet, delimited, ods, unzipped, xls, xlsx, zipped
from maker.desk import Desk, earlier_version, stated, title
from maker.files import Layout, fill, headings, month_name, padded, pivot, quarters, table, total_row
from maker.ledger import months_of, total

NOT_FOUND = b"""<!DOCTYPE html>
<html lang="en"><head><title>Page not found - Northbeck Council</title></head>
<body><h1>Page not found</h1><p>The page you asked for has moved to our new website.</p>
<table><tr><th>Supplier</th><th>Amount</th></tr></table></body></html>
"""


def northbeck(desk: Desk) -> None:
    """CSV: a preamble and Windows-1252 pounds, then a byte order mark and thousands commas, then quarterly files of the esd layout."""
    old: Layout = [("Body Name", "=Northbeck MBC"), ("Payment Date", "date:dmy"), ("Supplier Name", "payee"), ("Transaction No", "ref"),
                   ("Amount (£)", "amount:pound"), ("Directorate", "department"), ("Purpose of Expenditure", "purpose")]  # fmt: skip
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
            desk.publish("expenditure-jul-21 (1).csv", data, "byte for byte NBK spend July 2021.csv", paid, status="duplicate", speaks=False)
    new: Layout = [("Supplier Name", "payee"), ("Payment Date", "date:dmy"), ("Amount", "amount:comma"), ("Transaction No", "ref"),
                   ("Directorate", "department"), ("Purpose of Expenditure", "purpose"), ("Category", "category")]  # fmt: skip
    for month in months_of("2022-23"):
        paid, name = desk.lines([month]), f"nbk-payments-{month}.csv"
        if month == "2022-08":
            desk.publish(name, delimited(table(paid, new), line_end="\r\r\n"), "every record is followed by an empty one (CR CR LF)", paid)
        elif month == "2022-06":
            rows = padded(table(paid, new), 12, 200)
            desk.publish(name, delimited(rows), "twelve empty columns on the right, two hundred blank records below", paid)
        else:
            desk.publish(name, delimited(table(paid, new), encoding="utf-8-sig"), "byte order mark, thousands commas", paid)
    esd: Layout = [("OrganisationLabel", "=Northbeck"), ("OrganisationalUnit", "department"), ("BeneficiaryName", "payee"),
                   ("PaymentDate", "date:iso"), ("TransactionNumber", "ref"), ("Amount", "amount:plain"), ("Purpose", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2023-24")):
        paid = desk.lines(months)
        desk.publish(f"Payments {quarter} 23-24 FINAL.csv", delimited(table(paid, esd), line_end="\n"), "quarterly, esd headings, LF", paid)
    mark: Rows = [["Northbeck Council orgn ref E08999001", "", "", "", ""]]
    for year in ("2022-23", "2023-24"):
        for quarter, months in quarters(months_of(year)):
            desk.publish_cards(f"Purchase cards {quarter} {year[2:]}.csv", months, 14, "purchasing cards beside payments; a title line", mark)


def saltmere(desk: Desk) -> None:
    """XLSX of every sort: merged titles, net and gross, two versions, serial numbers, several sheets, hidden ones, a pivot."""
    three: Layout = [("Supplier", "payee"), ("Invoice Ref", "ref"), ("Date Paid", "date:cell"), ("Net Amount", "amount:cell"),
                     ("VAT", "vat:cell"), ("Gross Amount", "gross:cell"), ("Service", "department"), ("Narrative", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2021-22")):
        for part in [[month] for month in months] if quarter == "Q3" else [months]:
            paid, name = desk.lines(part), f"Saltmere payments {quarter if len(part) == 3 else month_name(part[0], '%b')} 2021-22.xlsx"
            rows = [*title(desk.body.name, part, 1), *table(paid, three)]
            data = xlsx([Sheet("Payments", rows, merged=["A1:H1"])])
            if part == ["2021-12"]:
                desk.publish_nothing(name, data[: len(data) * 2 // 3], "a damaged workbook: the last third is missing; the month is nowhere else")
                desk.miss(*part)
            else:
                desk.publish(name, data, "title in a merged cell, headings on line 5, net and VAT and gross", paid)
    net: Layout = [("Supplier Name", "payee"), ("Reference", "ref"), ("Payment Date", "date:cell"), ("Amount", "amount:cell"),
                   ("Directorate", "department"), ("Description", "purpose")]  # fmt: skip
    odd = {"2022-05": ("date:serial", "amount:cell", "dates are bare Excel day numbers"),
           "2022-11": ("date:long", "amount:noise", "dates are text, amounts carry float noise"),
           "2023-02": ("date:cell", "amount:comma", "amounts are text with thousands commas")}  # fmt: skip
    for month in months_of("2022-23"):
        paid, name = desk.lines([month]), f"Saltmere payments {month_name(month)}.xlsx"
        if month in ("2022-06", "2022-09"):
            older = earlier_version(paid, f"saltmere {month}")
            desk.publish(name, xlsx([Sheet("Sheet1", table(older, net))]), "first version, amended since", older, speaks=False)
            name = name.replace(".xlsx", " v2 amended.xlsx")
        date_form, money, note = odd.get(month, ("date:cell", "amount:cell", "one sheet, headings on line 1"))
        layout = [(heading, {"date:cell": date_form, "amount:cell": money}.get(spec, spec)) for heading, spec in net]
        note = "the same month again, some rows changed, one gone, one new, one name withheld" if "v2" in name else note
        desk.publish(name, xlsx([Sheet("Sheet1", table(paid, layout))]), note, paid)
    for quarter, months in quarters(months_of("2023-24"))[:3]:
        paid = desk.lines(months)
        secret = Sheet("Working - not for publication", table(paid[:25], net), hidden=True)
        if quarter == "Q1":
            sheets = [Sheet(month_name(month, "%b %y"), table(desk.lines([month]), net)) for month in months]
            note, tables = "a sheet for each month, and a hidden sheet that repeats some rows", 3
        else:
            sheets, tables = [Sheet("Pivot", pivot(paid)), Sheet("Data", table(paid, net))], 1
            note = "a pivot of sums first, then the payments, and a hidden sheet that repeats some rows"
        desk.publish(f"Saltmere payments {quarter} 2023-24.xlsx", xlsx([*sheets, secret]), note, paid, tables=tables)
    for month in ("2024-01", "2024-02", "2024-03"):
        paid = desk.lines([month])
        desk.publish(f"Saltmere payments {month_name(month)}.xlsx", xlsx([Sheet("Sheet1", table(paid, net))]), "one sheet", paid)
        if month != "2024-03":
            text = [(heading, spec.replace("date:cell", "date:dmy").replace("amount:cell", "amount:plain")) for heading, spec in net]
            note = "the same month as the XLSX beside it, as CSV"
            desk.publish(f"Saltmere payments {month_name(month)}.csv", delimited(table(paid, text)), note, paid, speaks=False)
    desk.publish_cards("procurement-card-2023-24.csv", months_of("2023-24"), 10, "purchasing cards, a year in one file")


def dunmere(desk: Desk) -> None:
    """Text of every dialect: UTF-16, tabs, trailing minus, CR; headings repeated; footnotes. Payees end at 30 letters."""
    layout: Layout = [("DATE", "date:short"), ("CREDITOR NAME", "payee"), ("AMOUNT", "amount:trailing"), ("REF", "ref"),
                      ("SERVICE AREA", "department"), ("EXPENDITURE TYPE", "purpose")]  # fmt: skip
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
        rows: Rows = []
        for at in range(0, len(paid), 40):
            rows += table(paid[at : at + 40], credit)
        rows += [total_row(paid, credit, "REPORT TOTAL"), [""] * len(credit), ["* CR marks a credit note"], ["End of report"]]
        desk.publish(name, delimited(rows), "headings again every 40 rows, credits marked CR, a total, footnotes", paid)
    last: Layout = [("Creditor", "payee"), ("Paid on", "date:dmy2"), ("Net Value", "amount:spaced"), ("Ref", "ref"), ("Service Area", "department"),
                    ("Expenditure Type", "purpose"), ("Spend Category", "category")]  # fmt: skip
    for month in months_of("2023-24"):
        paid = desk.lines([month])
        rows = [["DUNMERE MBC", *[""] * 6], *table(paid, last)]
        desk.publish(f"Spend {month_name(month, '%m %Y')}.csv", delimited(rows), "blanks around amounts, two-digit years, one title line", paid)


def kelderby(desk: Desk) -> None:
    """Postcodes of payees; subtotals; monthly files beside quarterly ones with the same rows; lines posted a month late."""
    layout: Layout = [("Supplier", "payee"), ("Supplier Postcode", "postcode"), ("Paid", "date:dots"), ("Amount Paid", "amount:bracket"),
                      ("Invoice", "ref"), ("Department", "department"), ("Detail", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2021-22")):
        paid = sorted(desk.lines(months), key=lambda line: (line.department, line.day, line.reference))
        rows: Rows = [headings(layout)]
        for department in sorted({line.department for line in paid}):
            part = [line for line in paid if line.department == department]
            rows += [*fill(part, layout), total_row(part, layout, f"{department} Total")]
        rows.append(total_row(paid, layout, "Grand Total"))
        desk.publish(f"Kelderby {quarter} 2021-22.csv", delimited(rows), "a subtotal for each department, a grand total, brackets", paid)
    for quarter, months in quarters(months_of("2022-23")):
        for month in months:
            paid = desk.lines([month])
            if quarter == "Q3":
                paid = paid[:-2]
            note = "two rows fewer than the quarterly file" if quarter == "Q3" else "dates with dots, brackets"
            desk.publish(f"kelderby-{month}.csv", delimited(table(paid, layout)), note, paid, speaks=quarter != "Q3")
        if quarter in ("Q2", "Q3"):
            paid = sorted(desk.lines(months), key=lambda line: (line.payee, line.day))
            note = "the months again, in order of payee" + (", and two rows more for each month" if quarter == "Q3" else "")
            desk.publish(f"Kelderby {quarter} 2022-23 all.csv", delimited(table(paid, layout)), note, paid, speaks=quarter == "Q3")
    timed = [(heading, spec.replace("date:dots", "date:iso_time").replace("bracket", "pound_bracket")) for heading, spec in layout]
    for month in months_of("2023-24"):
        paid = desk.lines([month])
        note = "ISO dates with a time, pounds in brackets, some lines of the month before"
        desk.publish(f"kelderby-{month}.csv", delimited(table(paid, timed)), note, paid)


def oxenhythe(desk: Desk) -> None:
    """Leaked query text, registration numbers, a file without headings, personal data in a description, a contracts register."""
    first: Layout = [("Supplier(T)", "payee"), ("Pay date", "date:dashes"), ("Curr. amount", "amount:comma"), ("TransNo", "ref"),
                     ("Service(T)", "department"), ("Account(T)", "purpose")]  # fmt: skip
    query: Rows = [["query agr_getbrowser 'OX500'"], ["sort 2,1"], ["columns 1,2,3,4,5,6"]]
    for month in months_of("2021-22"):
        if month == "2022-02":
            desk.miss(month)
            continue
        paid = desk.lines([month])
        desk.publish(f"ox-500-{month}.csv", delimited([*query, *table(paid, first)], encoding="cp1252"), "query text above the headings", paid)
    numbered: Layout = [("Supplier Name", "payee"), ("Comp. reg. no", "company"), ("Charity Number", "charity"), ("Date", "date:dmy"),
                        ("TransNo", "ref"), ("Amount", "amount:spaced"), ("Description of Spend(T)", "purpose")]  # fmt: skip
    for month in months_of("2022-23"):
        paid = desk.lines([month])
        desk.publish(f"ox-500-{month}.csv", delimited(table(paid, numbered)), "company and charity numbers in two columns", paid)
    for month in months_of("2023-24"):
        paid = desk.lines([month])
        rows, note = padded(table(paid, numbered), 3), "three empty columns on the right"
        if month == "2023-05":
            rows, note = rows[1:], "no headings; the columns are those of the months around it"
        if month == "2023-10":
            note = "a National Insurance number, an e-mail address, bank details and a private address in the descriptions"
        desk.publish(f"ox-500-{month}.csv", delimited(rows), note, paid)
    register: Rows = [["Contract reference", "Title", "Supplier", "Company number", "Start date", "End date", "Contract value (£)", "SME?"]]
    register += [[f"OX{at:04d}", "Framework", line.payee, line.supplier.number if line.supplier else "", "01/04/2023", "31/03/2026",
                  abs(line.pence) * 12 / 100, "Y"] for at, line in enumerate(desk.lines(["2023-04"])[:25])]  # fmt: skip
    note = "a register of contracts, not payments"
    desk.publish_nothing("contracts-register-march-2024.xlsx", xlsx([Sheet("Contracts", register)]), note, "not_spend")


def fenholt(desk: Desk) -> None:
    """A small district that ended in March 2023: CR line ends, the pound sign of code page 850, file names of a download."""
    layout: Layout = [("Service Area", "department"), ("Description", "purpose"), ("FDC Ref No.", "ref"), ("Name:  ", "payee"),
                      ("Payment Date", "date:dmy"), ("Net Amount (£)", "amount:plain")]  # fmt: skip
    for year in ("2021-22", "2022-23"):
        for quarter, months in quarters(months_of(year)):
            paid, at = desk.lines(months), int(quarter[1])
            forms = {1: ("\r", "cp1252", "lines end with CR alone"), 2: ("\r\n", "cp850", "the pound sign is byte 9C (code page 850)"),
                     3: ("\n", "utf-8", "amounts with trailing minus"), 4: ("\r\n", "cp1252", "first record blank, mixed date forms")}  # fmt: skip
            line_end, encoding, note = forms[at]
            rows = table(paid, [(h, s.replace("plain", "trailing" if at == 3 else "plain")) for h, s in layout])
            if at == 4:
                half = [(heading, spec.replace("date:dmy", "date:long")) for heading, spec in layout]
                rows = [[""] * 6, headings(layout), *fill(paid[::2], layout), *fill(paid[1::2], half)]
            name = f"{1600000000000 + 8121977 * at}_{year[2:4]}{at:02d}.csv"
            desk.publish(name, delimited(rows, line_end=line_end, encoding=encoding), note, paid)


def ashwold(desk: Desk) -> None:
    """The council that followed Fenholt in April 2023: payees that attack a reader, then OpenDocument sheets."""
    layout: Layout = [("Beneficiary", "payee"), ("Date of payment", "date:dmy"), ("Amount £", "amount:comma"), ("Payment ref", "ref"),
                      ("Directorate", "department"), ("Purpose", "purpose")]  # fmt: skip
    for month in months_of("2023-24"):
        paid, name = desk.lines([month]), f"ashwold-spend-{month}"
        if month < "2023-08":
            desk.publish(f"{name}.csv", delimited(table(paid, layout)), "payees with markup, formulas, direction marks, 4,000 letters", paid)
        elif month < "2024-01":
            rows = [*table(paid, layout), ["", "", "", "", "", f"Lines: {len(paid)}. Sum: {stated(total(paid))}"]]
            desk.publish(f"{name}.csv", delimited(rows), "a closing sentence with the sum in the last column", paid)
        else:
            typed = [(h, s.replace("date:dmy", "date:cell").replace("amount:comma", "amount:cell")) for h, s in layout]
            desk.publish(f"{name}.ods", ods([Sheet("Spend", table(paid, typed))]), "an OpenDocument sheet", paid)


def marrowshire(desk: Desk) -> None:
    """A county by quarter: OpenDocument, then XLSX with sums above the headings, then group headings; one quarter amended."""
    layout: Layout = [("Supplier Name", "payee"), ("Payment Date", "date:cell"), ("Transaction Ref", "ref"), ("Total Amount", "amount:cell"),
                      ("Service Area Categorisation", "department"), ("Expense Type", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2021-22")):
        paid = desk.lines(months)
        desk.publish(f"MCC spend {quarter} 2021-22.ods", ods([Sheet("Payments", table(paid, layout))]), "an OpenDocument sheet", paid)
    for quarter, months in quarters(months_of("2022-23")):
        paid = desk.lines(months)
        rows = [total_row(paid, [("", ""), *layout[1:]], ""), *table(paid, layout)]
        desk.publish(f"MCC spend {quarter} 2022-23.xlsx", xlsx([Sheet("Final Submission", rows)]), "the sum stands above the headings", paid)
    for quarter, months in quarters(months_of("2023-24")):
        paid, name = desk.lines(months), f"MCC spend {quarter} 2023-24"
        if quarter == "Q2":
            older = earlier_version(paid, "marrowshire Q2")
            desk.publish(f"{name}.xlsx", xlsx([Sheet("Payments", table(older, layout))]), "first version, amended since", older, speaks=False)
            name += " AMENDED"
        rows = [headings(layout)]
        for department in sorted({line.department for line in paid}):
            rows += [[department], *fill([line for line in paid if line.department == department], layout)]
        desk.publish(f"{name}.xlsx", xlsx([Sheet("Payments", rows)]), "a heading row for each department", paid)


def pellhithe(desk: Desk) -> None:
    """Binary workbooks, one of them under .csv; a zip of twelve months and one of them again beside it; CSV under .xls."""
    layout: Layout = [("Vendor", "payee"), ("Doc No", "ref"), ("Clearing Date", "date:cell"), ("Amount in LC", "amount:cell"),
                      ("Function", "department"), ("Text", "purpose")]  # fmt: skip
    for quarter, months in quarters(months_of("2021-22")):
        paid = desk.lines(months)
        name = f"pellhithe {quarter} 2021-22.{'csv' if quarter == 'Q4' else 'xls'}"
        note = "a binary Excel workbook" + (" under .csv" if quarter == "Q4" else "")
        desk.publish(name, xls([Sheet("Sheet1", table(paid, layout)), Sheet("Sheet2", [])]), note, paid)
    text: Layout = [(h, s.replace("date:cell", "date:slashed").replace("amount:cell", "amount:pound")) for h, s in layout]
    members = [("readme.txt", b"Spend over 500 pounds, one file a month.\n")]
    months = months_of("2022-23")
    members += [(f"2022-23/payments-{month}.csv", delimited(table(desk.lines([month]), text), encoding="cp1252")) for month in months]
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


COUNCILS = {"northbeck": northbeck, "saltmere": saltmere, "dunmere": dunmere, "kelderby": kelderby, "oxenhythe": oxenhythe,
            "fenholt": fenholt, "ashwold": ashwold, "marrowshire": marrowshire, "pellhithe": pellhithe}  # fmt: skip
