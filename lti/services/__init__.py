"""What the tool asks of an LMS: access tokens, scores (AGS) and the roster (NRPS)."""
