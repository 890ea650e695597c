"""The one way to import: a file, its mapping, its check, its refusals, its application. What a kind of rows is, other packages say."""
