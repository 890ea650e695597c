"""What was really sold, and what came back: facts of order lines, weeks per SKU, and a grade by a rule that anybody can check."""
