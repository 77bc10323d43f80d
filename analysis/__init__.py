"""What educators and researchers get out of the record; knows no HTTP."""
