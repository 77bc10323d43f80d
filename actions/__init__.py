"""The action server: one Rasa action is one step of the interview. Thin on purpose."""
