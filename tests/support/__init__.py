"""What the tests are made from; nothing in here is a test."""
