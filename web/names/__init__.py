"""Names of persons in what learners write: word lists, rules about neighbours, a model."""
