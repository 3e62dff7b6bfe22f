"""Static files under names that hold the hash of their content, kept by browsers for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites ``import`` lines between our ES modules, so that a module never meets an older one."""

    support_js_module_import_aggregation = True
