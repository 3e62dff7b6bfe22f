"""Files that texts of an export link to: they stand beside it, in a folder of their own."""

from __future__ import annotations

from dataclasses import replace

from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.linked import links_changed, stored_links
from waymark.core.stored import split_link

FOLDER = "files"


def stored_placed(reading: Reading) -> tuple[Reading, dict[str, str]]:
    """*reading* with links to places below the tree, and the digest of what stands at each place.

    They are written from the root, where the reader of a tree looks for them, too.
    """
    places: dict[str, str] = {}

    def placed(link: str) -> str:
        found = split_link(link)
        if found is None:
            return link
        digest, name = found
        place = f"{FOLDER}/{digest[:16]}/{name}"
        places[place] = digest
        return place

    drafts = {
        place: links_changed(draft, placed) if any(stored_links(draft)) else draft
        for place, draft in reading.drafts.items()
    }
    return replace(reading, drafts=drafts), places
