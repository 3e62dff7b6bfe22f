"""Operations of the API on grades and progress."""
