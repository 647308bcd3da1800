"""What is wrong with a problem set, found before anybody is judged on it: one file a question that is asked of it."""
