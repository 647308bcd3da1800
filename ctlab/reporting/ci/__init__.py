"""What a run of claims says to a CI system: a summary, annotations, properties of its JUnit file."""
