"""What coders read: interviews with their own codes, and what has been coded in all."""
