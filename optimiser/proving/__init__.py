"""What is proven of a result, proven again from the records in whole numbers: nothing here imports a solver."""
