"""A migration kit: a folder with the mapped rules and the scripts that run them safely."""
