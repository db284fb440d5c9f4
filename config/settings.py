"""Settings: one file for every way of running, told apart by the environment alone.

DEBUG=1 or DEMO=1 is a machine of one's own and fills in what is missing.  With neither, this is
production, and a missing or unsafe value stops the start with a sentence saying what to set.
"""

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pgtrigger
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.redis_urls import queue_and_cache

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
# What the project writes when it runs from its own folder.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# --- Which way of running -------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
PRODUCTION = not (DEBUG or DEMO)

# --- Where things are -----------------------------------------------------------------------

# In development a random key is made at each start: it signs everyone out, and no more.
SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else secrets.token_urlsafe(50))
# Earlier keys, while one is being replaced: second factors kept under them can still be read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DATABASE_URL = env.str("DATABASE_URL", default="" if PRODUCTION else "postgresql:///rightsbook")
REDIS_URL = env.str("REDIS_URL", default="" if PRODUCTION else "redis://127.0.0.1:6379/0")
EMAIL_URL = env.str("EMAIL_URL", default="")
# The address people reach us at.  Links in mail begin with it, never with what a request claims.
SITE_URL = env.str("SITE_URL", default="" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[SITE_HOST] if PRODUCTION else [SITE_HOST, "localhost", "127.0.0.1"]
)
THIS_MACHINE = {"localhost", "127.0.0.1"}
# Uploaded evidence: outside the web root, never served by its path.
# Where the heads of the sealed audit trail are kept each day, and whom they are mailed to.
ANCHOR_DIR = Path(env.str("ANCHOR_DIR", default=str(VAR_DIR / "anchors")))
ANCHOR_TO = env.list("ANCHOR_TO", default=[])
EVIDENCE_DIR = Path(env.str("EVIDENCE_DIR", default=str(VAR_DIR / "evidence")))

# Whether webhooks may go to this very machine, and by http: to try them out, and in tests.
WEBHOOKS_TO_THIS_MACHINE = env.bool("WEBHOOKS_TO_THIS_MACHINE", default=False)


def what_is_unsafe() -> list[str]:
    """Each reason why production must not start with this environment."""
    wrong: list[str] = []
    if not PRODUCTION:
        # DEBUG shows settings to visitors, and the demo's passwords are printed in its window.
        name = "DEBUG" if DEBUG else "DEMO"
        if elsewhere := {SITE_HOST, *ALLOWED_HOSTS} - THIS_MACHINE:
            wrong.append(f"{name} is on, but {', '.join(sorted(elsewhere))} is not this machine.")
        return wrong
    if (
        len(SECRET_KEY) < 50
        or len(set(SECRET_KEY)) < 10
        or SECRET_KEY.startswith("django-insecure")
    ):
        wrong.append(
            "SECRET_KEY must be a random text of at least 50 characters. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    if not DATABASE_URL:
        wrong.append("DATABASE_URL is not set, e.g. postgresql://app:PASSWORD@db:5432/rightsbook")
    if not REDIS_URL:
        wrong.append("REDIS_URL is not set, e.g. redis://redis:6379/0")
    if not EMAIL_URL:
        wrong.append("EMAIL_URL is not set, e.g. smtp+tls://user:PASSWORD@mail.example.com:587")
    if not SITE_HOST:
        wrong.append("SITE_URL is not set, e.g. https://rights.example.com")
    elif not HTTPS and SITE_HOST not in THIS_MACHINE:
        wrong.append("SITE_URL must begin with https:// unless the host is localhost.")
    if any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
        wrong.append("ALLOWED_HOSTS must name each host; a wildcard lets anyone forge our links.")
    if WEBHOOKS_TO_THIS_MACHINE:
        wrong.append("WEBHOOKS_TO_THIS_MACHINE is for trying things out: here it opens the server.")
    return wrong


if problems := what_is_unsafe():
    raise ImproperlyConfigured(
        "Rightsbook cannot start:\n  - "
        + "\n  - ".join(problems)
        + ("\nOn a machine of your own, set DEBUG=1 instead." if PRODUCTION else "")
    )

# --- The application ------------------------------------------------------------------------

INSTALLED_APPS = [
    "allauth",  # before ours, whose admin takes its pages away
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "registrations",
    "notices",
    "investors",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pgtrigger",
    "pghistory",
    "axes",
    "csp",
    "django_htmx",
]

# The headers come before the static files, so that those carry them too.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PrivateUnlessSaid",
    "config.middleware.RefusalsOnRecord",
    "investors.lockout.GoingOnIsCheap",
    "config.middleware.ReadOrSend",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.SessionsEnd",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.RowsForWhoAsks",
    "config.middleware.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # last, as its manual asks: it answers a locked-out sign-in
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Legal days are dates without a zone; instants are kept and shown in UTC.
LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# --- The database ---------------------------------------------------------------------------

SERVES_WEB = env.bool("SERVES_WEB", default=False)  # as config.wsgi says of itself

# Connections are kept a minute and checked before use, so a restarted server costs one retry.
# A web thread that waits on a lock, or forgets a transaction, gives up instead of hanging.
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True, ATOMIC_REQUESTS=False)
# The URL's own options (a socket folder, sslmode) come last and win.
_from_url = DATABASES["default"].get("OPTIONS", {})
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 3,
    **_from_url,
    # No just-in-time compiling: the sweep's statement is large and short, and would wait for it.
    # A job or a command sees every row; a web server none, until it is known who asks.
    "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c jit=off "
    + ("" if SERVES_WEB else "-c rightsbook.everything=on ")
    + _from_url.get("options", ""),
}

# History rows can be added and never changed or deleted: triggers in the database refuse it.
PGHISTORY_APPEND_ONLY = True
# Once a statement, not once a row: the sweep and the import write thousands of rows at a time.
PGHISTORY_LEVEL = pgtrigger.Statement

# --- The cache and the jobs -----------------------------------------------------------------

CELERY_BROKER_URL, _cache_url = queue_and_cache(REDIS_URL)
# Holds counts of requests and wrong tries, and codes used in the last minutes.
CACHES = {
    "default": {
        "BACKEND": "config.cache.CountsUnlessGone",
        "LOCATION": _cache_url,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]  # a pickled message could run code
CELERY_TASK_IGNORE_RESULT = True  # what a task did is in the database
CELERY_TASK_ACKS_LATE = True  # a task cut short is given out again, so each must bear repeating
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 240  # below the visibility timeout, so that no task runs beside itself
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # wait for Redis as long as it takes
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Accounts -------------------------------------------------------------------------------

AUTH_USER_MODEL = "investors.User"
# The address is unique whatever its case, by a constraint on Lower(email); Django's check looks
# only for unique=True.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"
# Whether who acts for a company, or uses the admin, must have a second factor.
REQUIRE_MFA = env.bool("REQUIRE_MFA", default=PRODUCTION)
PASSWORD_RESET_TIMEOUT = 3600  # a link to choose a new password is good for an hour, once
ACCOUNT_ADAPTER = "notices.account_mail.PostingAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False  # accounts are opened by invitation and in the admin
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_CHANGE_EMAIL = True  # a new address takes the old one's place once confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of each change to an account, to its owner
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
# Counted before a password is hashed.  Wrong passwords are counted for the address they come
# from; for the pair of account and address the lock below counts them.  For the account alone
# there is no count: anybody could lock its owner out with it.  Wrong codes are counted for the
# account, too: only who knows the password can try one.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "wrong_password": "20/10m/ip",
    "login_failed": "20/10m/ip,5/10m/key",
    "reset_password": "20/m/ip,5/10m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "investors.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a fingerprint or PIN, not the device alone
MFA_TOTP_ISSUER = "Rightsbook"
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds before or after, for clocks that differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
USERSESSIONS_ADAPTER = "investors.adapters.SessionsAdapter"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: refuses a locked-out address before hashing
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "config.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]
# A new password is looked up among those known from breaches.  Five letters of its digest are
# sent, never itself; where nobody answers within a second the list above has to do.
if env.bool("BREACHED_PASSWORDS", default=PRODUCTION):
    AUTH_PASSWORD_VALIDATORS.append(
        {
            "NAME": "pwned_passwords_django.validators.PwnedPasswordsValidator",
            "OPTIONS": {
                "error_message": "This password is known from a breach of another site. "
                "Choose one you use nowhere else.",
            },
        }
    )

# Guessing is stopped for the pair of account and address: nobody can lock a colleague out from
# elsewhere, and one address that tries many accounts leaves a record of each.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
# The form's field is "username" though the account's is "email"; without this every attempt
# would be recorded with no name, and the lock would fall on the address alone.
AXES_USERNAME_CALLABLE = "investors.lockout.attempted_account"
AXES_VERBOSE = False

# How many reverse proxies of ours stand in front, each adding to X-Forwarded-For.  With none,
# those headers are the visitor's own words and are not read.
TRUSTED_PROXY = env.int("TRUSTED_PROXY", default=0)
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXY or None
AXES_IPWARE_PROXY_ORDER = "left-most"
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR"] if TRUSTED_PROXY else ["REMOTE_ADDR"]
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None

# --- What a browser is told -----------------------------------------------------------------

# Everything is ours and in files: no inline script or style, nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "usb",
    )
}  # fmt: skip
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Cookies and redirects follow the address people use: an https:// SITE_URL is held to https.
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A __Host- cookie can be set by this very host over https alone, not by a neighbouring one.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# A session ends after so long without use, and so long after signing in whatever its use.
SESSION_IDLE = timedelta(minutes=env.int("SESSION_IDLE_MINUTES", default=30))
SESSION_LONGEST = timedelta(hours=env.int("SESSION_HOURS", default=12))
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Static files ---------------------------------------------------------------------------

# STATIC_ROOT is set where `collectstatic` has run (the Docker image); files then carry a
# fingerprint and are cached for good.  Elsewhere they are served straight from their folders.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are large, and only a developer's tools ask for them: not worth compressing.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    *("map", "png", "gif", "jpg", "jpeg", "webp", "gz", "br", "zip", "woff", "woff2", "pdf"),
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": EVIDENCE_DIR},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Mail -----------------------------------------------------------------------------------

# Without EMAIL_URL (never so in production) mail is written to files, to be read there.
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "outbox")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Rightsbook <rightsbook@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- The API --------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registrations.api.tokens.TokenAuthentication",
        "registrations.api.sessions.SessionWithSecondFactor",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "registrations.api.tokens.InScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "registrations.problems.problem_response",
    "DEFAULT_THROTTLE_CLASSES": [
        "registrations.api.throttling.PerUser",
        "registrations.api.throttling.PerAddress",
    ],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min", "anon": "30/min"},
    "NUM_PROXIES": TRUSTED_PROXY,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# How long an answer waits for its request to come again with the same Idempotency-Key.
ANSWERS_KEPT_FOR = timedelta(days=env.int("ANSWERS_KEPT_DAYS", default=7))
# A token knows its person, its scope and its end; the package makes it and keeps its digest.
KNOX_TOKEN_MODEL = "investors.ApiToken"  # noqa: S105  # the name of a table
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=90),
    "TOKEN_PREFIX": "rb_",
    "AUTH_HEADER_PREFIX": "Bearer",
    "AUTO_REFRESH": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rightsbook",
    "DESCRIPTION": "Registration rights: facts in, deadlines with their reasons out. A program "
    "sends a token its person made under “API tokens”, to read or to record, for one agreement "
    "or all.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "OAS_VERSION": "3.1.0",  # its schemas are JSON Schema, which tests check answers against
    "WEBHOOKS": [
        f"registrations.api.messages.{name}"
        for name in (
            "fact_recorded",
            "window_opened",
            "window_due_soon",
            "window_missed",
            "flag_raised",
            "flag_cleared",
            "test",
        )
    ],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "registrations.api.description.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "InvestorKind": "investors.models.Investor.Kind",
        "ActionKind": "investors.models.CorporateAction.Kind",
        "ActionClass": "investors.models.CorporateAction.Class",
        "Fractions": "investors.models.CorporateAction.Fractions",
        "TransferReads": "investors.models.Transfer.Reads",
        "Kin": "investors.models.AffiliateMember.Kin",
        "SoldUnder": "investors.models.LedgerEntry.SoldUnder",
        "LedgerKind": "investors.models.LedgerEntry.Kind",
        "Security": "investors.models.LedgerEntry.Security",
        "ShareCountKind": "investors.models.ShareCount.Kind",
        "JobKind": "investors.models.Job.Kind",
        "JobState": ["waiting", "working", "cancelling", "done", "failed", "cancelled"],
        "ImportFate": "investors.models.ImportRow.Fate",
        "LetterKind": "registrations.models.LetterTemplate.Kind",
        "NoticeKind": "notices.models.Notice.Kind",
        "StatementKind": "registrations.models.StatementRecord.Kind",
        "Method": "notices.models.Method",
        "StatementDetail": "registrations.models.StatementRecord.Detail",
        "StopAnswerKind": "registrations.models.SuspensionAnswer.Kind",
        "EdgarKind": "registrations.models.EdgarProposal.Kind",
        "ProspectusKind": "registrations.models.ProspectusCopies.Kind",
        "StateEntryKind": "registrations.models.StateEntry.Kind",
        "MaySell": ["may", "must_not", "unknown"],
        "AccountParty": ["company", "investor", "sellers"],
        "PartyEnum": ["company", "investor"],
        "Came": "registrations.models.AllocationLine.Came",
        "WebhookKind": "notices.models.WebhookKind",
        "WebhookState": "notices.webhook_models.WebhookDelivery.State",
        "Use": ["used_up", "alive", "undetermined"],
        "Outcome": ["good", "refused", "needs_decision", "unknown"],
    },
}

# --- EDGAR ----------------------------------------------------------------------------------

# Whom the Commission may write to about what we ask: a name and an e-mail address.  Without
# one nothing is asked, unless a folder of saved answers is given.
EDGAR_CONTACT = env.str("EDGAR_CONTACT", default="")
EDGAR_FOLDER = env.str("EDGAR_FOLDER", default="")
EDGAR_PER_SECOND = env.int("EDGAR_PER_SECOND", default=5)  # in all workers; the SEC allows 10
EDGAR_EVERY = timedelta(hours=env.int("EDGAR_EVERY_HOURS", default=12))
EDGAR_AGAIN = timedelta(hours=1)  # after it could not be reached
EDGAR_LISTS = "https://data.sec.gov"
EDGAR_ARCHIVES = "https://www.sec.gov"

# --- Logs -----------------------------------------------------------------------------------

# To stderr, for whatever collects it.  Messages name records by id and never quote a holding.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.InUtc",
            "format": "{asctime}Z {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "filters": {"plain": {"()": "config.logs.OneLineNoSecrets"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["plain"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},  # not also by mail to ADMINS
        "django.server": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},  # refusals are told by config.middleware, with who
    },
}
