"""What real PowerShell makes of the scripts that this project writes."""
