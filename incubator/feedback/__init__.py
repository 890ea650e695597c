"""What each SKU really sold and why it came back, sent to the factory that made it; what the factory promised, and whether it helped."""
