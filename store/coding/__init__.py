"""Human coding of a study: its codebook, codings, memos, and the journal of all steps.

Every change takes the study's lock, is checked, written, and noted in the journal in one
transaction, so that two coders at once never overwrite each other.
"""
