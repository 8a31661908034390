"""
The stages: pure work of the rooms, joined with the store, one function a stage.

    archive_files -> read_files -> count_payments -+-> name_all_payees -> compute_figures -> make_league_tables
                                    load_registers -+                 -> write_packages  -> print_portal
"""
