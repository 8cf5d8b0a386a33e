"""What companies that deliver mail for others post about it, each in its own words: one module for each of them."""
