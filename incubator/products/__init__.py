"""The spine: programmes, products, participants and the overall stage."""
