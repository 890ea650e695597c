"""What every package stands on; it knows nothing of products, people or factories."""
