"""The HTML pages, which work without any other host."""
