"""What a sample can find, before or after it is judged."""
