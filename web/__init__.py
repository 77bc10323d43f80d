"""The Flask app: what people see. It composes the other rooms and decides nothing."""
