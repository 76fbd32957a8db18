"""What is written: the mapped files, the disabling script, and the steps that are left to do."""
