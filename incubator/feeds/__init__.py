"""Where files come from by themselves: a folder, an S3 prefix, a push, an address. What a file holds and what becomes of it, imports say."""
