"""Settings of the site, read from the environment.

``WAYMARK_MODE`` is one of

``production``  the default: nothing is guessed, what is missing stops the start
``embedded``    ``make up`` and ``manage.py`` in a checkout: PostgreSQL and Redis
                as child processes, data below ``WAYMARK_DATA``
``test``        the test suite, on services that it starts itself
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF

from waymark.core.environment import (
    SettingsProblem,
    address,
    bucket,
    choice,
    database_url,
    embedded_environment,
    embedded_secret,
    flag,
    folders,
    networks,
    redis_url,
    whole_number,
)

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

MODES = ("production", "embedded", "test")
MODE = env.str("WAYMARK_MODE", default="production")
if MODE not in MODES:
    raise SettingsProblem(20, f"WAYMARK_MODE is {MODE!r}; it must be one of {', '.join(MODES)}.")
PRODUCTION = MODE == "production"
EMBEDDED = MODE == "embedded"
TEST = MODE == "test"
DATA_DIR = Path(env.str("WAYMARK_DATA", default=str(BASE_DIR / "var"))).absolute()
if EMBEDDED:
    embedded_environment(DATA_DIR)

DEBUG = False
SECRET_KEY = env.str("WAYMARK_SECRET_KEY", default="") or ("" if PRODUCTION else embedded_secret(DATA_DIR))
ALLOWED_HOSTS = env.list("WAYMARK_ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
PUBLIC_URL = address("WAYMARK_PUBLIC_URL", schemes=("https", "http"), default="http://127.0.0.1:8000")
if PRODUCTION:
    missing = [
        name
        for name, value in (
            ("WAYMARK_SECRET_KEY", SECRET_KEY),
            ("WAYMARK_ALLOWED_HOSTS", ALLOWED_HOSTS),
            ("DATABASE_URL", database_url(MODE)),
            ("REDIS_URL", redis_url(MODE)),
        )
        if not value
    ]
    if missing:
        raise SettingsProblem(
            21,
            f"Waymark runs in production mode and needs {', '.join(missing)} in the environment; "
            "for a trial on this machine set WAYMARK_MODE=embedded (make up does).",
        )
    if len(SECRET_KEY) < 50:
        raise SettingsProblem(23, "WAYMARK_SECRET_KEY is too short to be a secret; make one of 50 random characters.")
    if any("*" in host for host in ALLOWED_HOSTS):
        # Links in mail are made for the host that was asked: any host would let a stranger choose where they lead.
        raise SettingsProblem(24, "WAYMARK_ALLOWED_HOSTS must name the hosts of this site, without '*'.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "waymark.core",
    "waymark.accounts",
    "courses",
    "assessments",
    "grading",
    "waymark.dashboard",
    "waymark.api",
    "waymark.admin.WaymarkAdminConfig",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_standardized_errors",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "django_prometheus",
    "django_structlog",
    "csp",
    "django_linear_migrations",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "waymark.core.middleware.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before the first look-up, which is the session's.
    "waymark.core.middleware.ReadableAddressMiddleware",
    "waymark.core.middleware.MethodMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "waymark.core.middleware.ReadableFormMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    # Behind what writes about the session, before what reads the person.
    "waymark.accounts.middleware.ActAsMiddleware",
    "waymark.accounts.middleware.PersonMiddleware",
    "waymark.accounts.middleware.ConsentMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "waymark.core.access_log.RequestMiddleware",
    "waymark.core.middleware.DomainErrorMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "waymark.urls"
WSGI_APPLICATION = "waymark.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "platform" / "waymark" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "waymark.dashboard.context.navigation",
            ],
            "builtins": ["waymark.core.templatetags.waymark"],
        },
    }
]

FORM_RENDERER = "waymark.core.forms.WaymarkRenderer"

DB_POOL = whole_number("WAYMARK_DB_POOL", default=8, low=1, high=500)
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(database_url(MODE))}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=0,
    ATOMIC_REQUESTS=False,
    OPTIONS={
        # Query parameters of the URL (host=/socket/folder, sslmode=...) arrive here.
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": False if TEST else {"min_size": 1, "max_size": DB_POOL, "timeout": 10},
        "application_name": f"waymark-{MODE}",
        # For the statements of waymark.core.sql; those of the ORM are bound by the client and never prepared.
        "prepare_threshold": 2 if flag("WAYMARK_DB_PREPARE", default=True) else None,
    },
)

REDIS_URL = redis_url(MODE)
CACHES = {
    # Rate limits of sign-in, which every process must count together (docs/decisions/access.md).
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_rate_limit",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # What each process may well make for itself: rendered text.
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# -- people -------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["waymark.accounts.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SIGNUP_OPEN = flag("WAYMARK_SIGNUP_OPEN", default=True)
ACCOUNT_ADAPTER = "waymark.accounts.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "waymark.accounts.forms.SignupExtra"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A changed password, address or second factor is told by mail: the person may not have done it.
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Tracking activity would write a row at every request; the sessions page shows sign-ins.
USERSESSIONS_TRACK_ACTIVITY = False

# -- mail ---------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("WAYMARK_FROM_EMAIL", default="Waymark <waymark@localhost>")
# Mail of the demo is written to a folder and shown on a page; in production there is neither.
DEMO_MAIL = not PRODUCTION
EMAIL_FILE_PATH = None if PRODUCTION else DATA_DIR / "mail"
if EMBEDDED:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
elif PRODUCTION:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))

# -- security -----------------------------------------------------------------
# How many proxies stand in front, each appending to X-Forwarded-For; 0: nobody's header is believed.
TRUSTED_PROXIES = whole_number("WAYMARK_TRUSTED_PROXIES", default=0, low=0, high=10)
SESSION_ENGINE = "waymark.core.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "waymark.dashboard.views.errors.csrf_failure"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # Browsers take such a name from this very host and over TLS only: no sister host can plant a session.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_SSL_REDIRECT = flag("WAYMARK_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = whole_number("WAYMARK_HSTS_SECONDS", default=31_536_000, low=0, high=4 * 31_536_000)
    # Both bind hosts that are not this site's, and preloading cannot be taken back for months: the owner of
    # the domain decides.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("WAYMARK_HSTS_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = flag("WAYMARK_HSTS_PRELOAD", default=False)
    if SECURE_HSTS_PRELOAD and not (SECURE_HSTS_INCLUDE_SUBDOMAINS and SECURE_HSTS_SECONDS >= 31_536_000):
        raise SettingsProblem(
            25, "WAYMARK_HSTS_PRELOAD needs WAYMARK_HSTS_SUBDOMAINS=true and WAYMARK_HSTS_SECONDS of a year or more."
        )
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = env.list("WAYMARK_TRUSTED_ORIGINS", default=[])
# Forms and JSON; what is handed in as files goes to disk and has its own limits.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_PERMISSIONS = 0o600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        # The nonce is there only on a page whose template asks for one: that of the editor.
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

METRICS_TOKEN = env.str("WAYMARK_METRICS_TOKEN", default="")

# Networks that requests to addresses which people name may reach though they are not public (waymark.core.outgoing).
OUTGOING_ALLOW = networks("WAYMARK_OUTGOING_ALLOW")

# Folders of the server that curricula are imported from, by who may import.
IMPORT_ROOTS = folders("WAYMARK_IMPORT_ROOTS")

# -- sandbox (docs/sandbox.md) ------------------------------------------------
SANDBOX = choice("WAYMARK_SANDBOX", ("auto", "docker", "bubblewrap", "none"), default="none" if TEST else "auto")
# Whether limits that a supervisor holds by polling are enough.
SANDBOX_SUPERVISED = flag("WAYMARK_SANDBOX_SUPERVISED", default=not PRODUCTION)
# Whether a check whose tools the image lacks keeps a lab from being graded; else it is left out, and that is said.
SANDBOX_TOOLS = flag("WAYMARK_SANDBOX_TOOLS", default=MODE != "embedded")
# The control group below which runs have theirs; the worker's own when empty.
SANDBOX_CGROUP = env.str("WAYMARK_SANDBOX_CGROUP", default="")
# Where the container engine answers, such as unix:///run/docker.sock; DOCKER_HOST or the usual place when empty.
SANDBOX_ENGINE = env.str("WAYMARK_SANDBOX_ENGINE", default="")
# Another runtime of the engine, such as runsc; its own when empty.
SANDBOX_RUNTIME = env.str("WAYMARK_SANDBOX_RUNTIME", default="")

# -- language and time --------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "platform" / "waymark" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# -- files --------------------------------------------------------------------
STATIC_URL = "static/"
# An image carries its static files; elsewhere they are collected below the data folder.
STATIC_ROOT = Path(env.str("WAYMARK_STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "platform" / "waymark" / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "blobs"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TEST
        else "waymark.core.staticfiles.HashedStaticFilesStorage"
    },
}
if place := bucket("WAYMARK_STORAGE"):
    STORAGES["default"] = {
        "BACKEND": "waymark.core.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": place[0],
            "location": place[1],
            "endpoint_url": address("WAYMARK_STORAGE_ENDPOINT", schemes=("https", "http")) or None,
            "access_key": env.str("AWS_ACCESS_KEY_ID", default="") or None,
            "secret_key": env.str("AWS_SECRET_ACCESS_KEY", default="") or None,
            "region_name": env.str("AWS_DEFAULT_REGION", default="") or None,
        },
    }
# Tests serve the files where they lie; everybody else serves what collectstatic has put together.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = TEST

# -- API ----------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["waymark.api.authentication.HeaderOrSessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["waymark.api.permissions.DenyByDefault"],
    "DEFAULT_RENDERER_CLASSES": ["waymark.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["waymark.core.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "waymark.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "waymark.api.errors.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Waymark API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "EnrolmentState": "courses.models.Enrolment.State",
        "ImportState": ["waiting", "working", "ready", "applied", "failed"],
        "RunState": ["queued", "claimed", "finished", "failed", "cancelled"],
        "RuleState": ["met", "not_met", "open"],
    },
}
IDP_OIDC_ADAPTER = "waymark.accounts.adapters.ClientAdapter"

# -- Celery -------------------------------------------------------------------
from waymark.core.celery_settings import *  # noqa: E402, F403

# -- logging ------------------------------------------------------------------
# Ids only; and an address that is read from headers anybody may send would name the wrong one.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
from waymark.core.logging import LOGGING  # noqa: E402, F401

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the address is unique by a constraint on its lower case, which this check does not see
    "security.W005",  # subdomains under HSTS: WAYMARK_HSTS_SUBDOMAINS, the domain's owner decides
    "security.W021",  # HSTS preload: WAYMARK_HSTS_PRELOAD, likewise
]
