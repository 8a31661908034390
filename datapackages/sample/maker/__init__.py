"""
Makes the sample: an invented corner of the country, with every mess that real published files have.

    dice        chance that is the same on every machine
    world       places, companies, charities: none of them exists
    registers   the three registers in their true published layouts
    witnesses   what else registers say about suppliers, places, prices and industries, in the true layouts
    bodies      the public bodies
    ledger      what each body truly paid
    containers  bytes: CSV of every dialect, XLSX, XLS, ODS, zip, PDF
    files       a table of payments becomes a published file
    desk        one body's ledger, and the files it has published so far
    visits      what visits to the bodies' websites saw, week by week
    metropolitan, councils, others
                what each body publishes, mess by mess
"""
