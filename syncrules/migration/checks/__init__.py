"""What stands against the move, or should be known before it: a module for each question."""
