"""Sample rounds of a product with one factory: requested, made, shipped, received, measured against the brief, decided, sealed."""
