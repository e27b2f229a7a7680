"""Names of people and organisations, and the roles that stand in their place."""
