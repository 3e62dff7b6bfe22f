"""What an author may ask linters for."""
