"""How a web page is laid out, and which part of it is the document."""
