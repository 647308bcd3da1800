"""Who answers, and where: the interface that the lab asks."""
