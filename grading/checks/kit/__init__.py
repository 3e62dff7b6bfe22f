"""What runs inside sandboxes, on the image's Python: standard library only, and nothing of the site."""
