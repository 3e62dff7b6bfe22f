"""Static files under names that hold the hash of their content, kept by browsers for ever."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites ``import`` lines between our ES modules, so that a module never meets an older one.

    Only ours: packages ship modules whose imports name other packages, which no file answers to.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "waymark/js/*.js",
        HashedFilesMixin._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined]
    )
