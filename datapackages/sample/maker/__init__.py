"""
Makes the sample: an invented corner of the country, with every mess that real published files have.

    dice        chance that is the same on every machine
    world       places, public bodies, companies, charities: none of them exists
    registers   the three registers in their true published layouts
    ledger      what each body truly paid
    containers  bytes: CSV of every dialect, XLSX, XLS, ODS, zip, PDF
    files       a table of payments becomes a published file
    councils    what the councils publish, mess by mess
    others      what police, fire, park, department, agency and health bodies publish
"""
