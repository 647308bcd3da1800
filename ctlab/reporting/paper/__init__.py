"""What a paper needs of a run: figures in its widths and forms, tables of claims, a paragraph on methods."""
