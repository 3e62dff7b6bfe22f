"""One module per document kind; importing this package registers all of them."""

from courses.curriculum.sources.readers import roadmap

__all__ = ["roadmap"]
