"""The heart: scenario packs, the interview, the reading of an answer, suppression.

Pure Python: no database, no network, no clock, no Rasa. Everything here can be
run, replayed and property-tested by itself.
"""
