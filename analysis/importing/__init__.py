"""What comes back from other programs: read with suspicion, matched, never put over ours."""
