"""Every figure once more, in pandas, from published packages, registers and the method pages: nothing of the project is used."""
