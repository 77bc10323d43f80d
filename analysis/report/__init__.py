"""An institution's figures to take along: tables as CSV, a report as PDF."""
