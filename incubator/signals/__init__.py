"""What buyers say they lack: voices kept verbatim, topics that tag them, segments made of them, and the wall where complaints age."""
