"""What a loss goes with: features of problems, groups, correlations."""
