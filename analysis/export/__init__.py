"""The record for researchers: the response log as tables, transcripts with codes as REFI-QDA.

Nothing here is suppressed: it is for whoever holds the researcher's right in the study. People
who have withdrawn are in none of it.
"""
