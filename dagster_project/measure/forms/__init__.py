"""Forms of measure: each module turns payees of a year into sums from which bounds are made."""
