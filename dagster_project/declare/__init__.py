"""The only room that reads `datapackages/`: one loader and one frozen class per kind of file."""
