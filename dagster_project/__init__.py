"""
The Local Pound: where UK public money goes, how much of it stays local, and how sure anyone can be.

    harvest   bytes from the web, with what was asked and answered
    archive   kept for ever under the hash of their bytes
    tidy      a published file becomes published lines, or a reason why not
    ledger    lines of several files become payments, each counted once
    match     a payee becomes a legal entity, or an honest none
    measure   three-valued questions become figures with bounds
    package   tables become data packages that anyone can validate
    portal    people see it

`model` holds the words that all rooms share, `declare` is the only room that reads `datapackages/`.
Rooms never import each other: `stages` joins them, `definitions` shows the stages to Dagster, `cli` runs that graph.
"""
