"""The records of a knowledge base, and how they are read from what authors write."""
