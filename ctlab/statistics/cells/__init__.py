"""Claims that hold somewhere: thoughts by places, every cell tested at its share of α and labelled by what it shows."""
