"""What is kept: the database, its tables, and the questions that are asked of them."""
