"""A person's record as documents for a portfolio: what is in them, and the two formats."""
