"""How an answer is read: markers, the statement that follows one, number words, and where a person would hesitate."""
