"""A first draft of a mapping, guessed from the names, labels and types of both sides."""
