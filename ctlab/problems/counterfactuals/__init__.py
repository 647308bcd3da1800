"""Problems made of others: alike but for one result of the worked solution, or one edge of the graph."""
