"""What is shown where no page is around it: scales, forest plots and blocks of HTML for a notebook."""
