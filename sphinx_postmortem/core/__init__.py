"""What the product knows: records, audiences, tables, times. Standard library only."""
