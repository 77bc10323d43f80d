"""The Rasa room: it reads a message, and its rules choose which step of the interview follows."""
