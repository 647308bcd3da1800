"""What people write in problems and solutions: numbers, expressions, equations."""
