"""Every setting of the portal, read from the environment.

Two modes: `development` (demo people, a mailbox page instead of real e-mail) and `production`, the default,
which refuses to start when a secret is missing, when DEBUG is on, or when a development channel is chosen.
`docs/operators/settings.md` lists every variable.
"""

import datetime as dt
import re
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from barnet.customers.signing_in.sign_on import configuration as sign_on
from barnet.kit.languages import ENGLISH, offered_languages
from barnet.kit.logging import logging_config
from barnet.kit.many_fields import FieldLimit
from barnet.kit.storage_settings import s3_storages

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
env = environ.Env()

# --- Mode -------------------------------------------------------------------------------------------------------------

MODE = env.str("PORTAL_MODE", "production")
if MODE not in {"development", "production"}:
    raise ImproperlyConfigured(f"PORTAL_MODE is {MODE!r}: use development or production.")
DEVELOPMENT = MODE == "development"
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "development-only-" + "x" * 50 if DEVELOPMENT else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # older keys that still count
MAIL_TRANSPORT = env.str("MAIL_TRANSPORT", "mailbox" if DEVELOPMENT else "smtp")
if MAIL_TRANSPORT not in {"mailbox", "smtp", "notify"}:
    raise ImproperlyConfigured(f"MAIL_TRANSPORT is {MAIL_TRANSPORT!r}: use mailbox, smtp or notify.")

BASE_URL = env.str("BASE_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}" if DEVELOPMENT else "").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEVELOPMENT else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

if not DEVELOPMENT:
    for name, present in {
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": env.str("DATABASE_URL", ""),
        "ALLOWED_HOSTS": ALLOWED_HOSTS,
        "BASE_URL": BASE_URL,
        "EMAIL_URL": env.str("EMAIL_URL", "") or MAIL_TRANSPORT == "notify",
    }.items():
        if not present:
            raise ImproperlyConfigured(f"Set {name}: production does not start without it.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on: production does not start with it.")
    if MAIL_TRANSPORT == "mailbox":
        raise ImproperlyConfigured("MAIL_TRANSPORT is mailbox, a development channel: use smtp in production.")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: make a longer one.")

# --- Rooms ------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "barnet.kit",
    "barnet.gazetteer",
    "barnet.catalogue",
    "barnet.customers",
    "barnet.notifications",
    "barnet.operations",
    "portal.cases",
    "portal.documents",
    "portal.waste",
    "portal.smartforms",
    "portal.open311",
    "portal.reports",
    "portal.feedback",
    "portal.field",
    "portal.myaccount",
    "portal.tracking",
    "portal.chat",
    "portal.workbench",
    "cms",
    *(["demo"] if DEVELOPMENT else []),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "cms.people.apps.StaffAccountsConfig",
    "wagtail.contrib.typed_table_block",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_q",
    "pghistory",
    "pgtrigger",
    "csp",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "barnet.kit.middleware.UnreadBodyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "barnet.kit.middleware.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "cms.middleware.AuthoringPolicyMiddleware",
    "barnet.kit.many_fields.ManyFieldsMiddleware",
    "barnet.kit.middleware.PlainInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "barnet.customers.interface_language.LanguageMiddleware",
    "barnet.customers.signing_in.kiosk.KioskMiddleware",
    "barnet.customers.middleware.SignInMiddleware",
    "barnet.customers.assisting.middleware.HandedOverMiddleware",
    "barnet.customers.middleware.NoStoreMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "barnet.customers.middleware.SecondFactorMiddleware",
    "barnet.customers.middleware.IdleMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "barnet.kit.middleware.WrongMethodMiddleware",
]

METRICS_TOKEN = env.str("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN is shorter than 20 characters: make a longer one.")
PROMETHEUS_MULTIPROC_DIR = env.str("PROMETHEUS_MULTIPROC_DIR", "")
if METRICS_TOKEN and PROMETHEUS_MULTIPROC_DIR:  # without the folder each process would tell of itself alone
    MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]

ROOT_URLCONF = "barnet.urls"
WSGI_APPLICATION = "barnet.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "barnet" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "barnet.kit.context_processors.council",
                "barnet.kit.context_processors.languages",
                "barnet.customers.context_processors.serving",
                "barnet.customers.context_processors.sign_on",
                "barnet.customers.context_processors.kiosk",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "barnet.kit.templatetags.kit"],
        },
    }
]

# --- Database, cache, tasks -------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default="postgis://portal@localhost/portal")}
DATABASES["default"]["ENGINE"] = "django.contrib.gis.db.backends.postgis"
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", "test_portal")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A second source of addresses. Without a key only our own table answers.
OS_PLACES_KEY = env.str("OS_PLACES_KEY", "")
OS_PLACES_URL = env.str("OS_PLACES_URL", "https://api.os.uk/search/places/v1")
OS_PLACES_FIRST = env.bool("OS_PLACES_FIRST", False)
OS_PLACES_CUSTODIANS = env.list("OS_PLACES_CUSTODIANS", default=["5090"])

REDIS_URL = env.str("REDIS_URL", "")
QUEUE = env.str("QUEUE", "database")
if QUEUE not in {"database", "redis"}:
    raise ImproperlyConfigured(f"QUEUE is {QUEUE!r}: use database or redis.")
if QUEUE == "redis" and not REDIS_URL:
    raise ImproperlyConfigured("Set REDIS_URL: QUEUE=redis needs it.")

# Shared by all web and worker processes: rate limits count a visitor once, whichever process answers.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # What one process may remember for itself (menus, site root): never a limit, never personal data.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
}

Q_CLUSTER = {
    "name": "portal",
    "orm": "default",
    "redis": REDIS_URL,
    "broker_class": f"barnet.operations.brokers.{'RedisBroker' if QUEUE == 'redis' else 'DatabaseBroker'}",
    "workers": 2,
    "timeout": 60,
    "retry": 300,
    "max_attempts": 5,
    "ack_failures": False,
    "bulk": 1,
    "queue_limit": 2,
    "poll": 0.5,
    "save_limit": -1,  # what became of a message is in its attempts; failed tasks are kept
    "cache": "process",  # its own statistics, which nobody reads
    "catch_up": False,
    "label": "Tasks",
}

# --- People and sessions ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "customers.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "barnet.customers.signing_in.passwords.ShortEnough"},
    {"NAME": "barnet.customers.signing_in.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "barnet.customers.signing_in.passwords.NotLikeEmail"},
    {"NAME": "barnet.customers.signing_in.passwords.NotCommon"},
    {"NAME": "barnet.customers.signing_in.passwords.NotOurWords"},
    {"NAME": "barnet.customers.signing_in.passwords.NotBreached"},
]
BREACHED_PASSWORDS_URL = env.str(
    "BREACHED_PASSWORDS_URL", "" if DEVELOPMENT else "https://api.pwnedpasswords.com/range/"
)
PASSWORD_HASHERS = env.list(
    "PASSWORD_HASHERS",
    default=[
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ],
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "barnet.customers.signing_in.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 60 * 10
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 60 * 10  # a mail may take minutes
ACCOUNT_CHANGE_EMAIL = True  # one address at a time: the new one replaces the old when it is proved
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_FORMS = {
    "login": "barnet.customers.signing_in.forms.LoginForm",
    "signup": "barnet.customers.signing_in.forms.SignupForm",
    "add_email": "barnet.customers.signing_in.forms.AddEmailForm",
    "change_password": "barnet.customers.signing_in.forms.ChangePasswordForm",
    "set_password": "barnet.customers.signing_in.forms.SetPasswordForm",
    "reset_password": "barnet.customers.signing_in.forms.ResetPasswordForm",
    "reset_password_from_key": "barnet.customers.signing_in.forms.ResetPasswordKeyForm",
    "request_login_code": "barnet.customers.signing_in.forms.RequestLoginCodeForm",
    "confirm_login_code": "barnet.customers.signing_in.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "barnet.customers.signing_in.forms.ConfirmEmailVerificationCodeForm",
    "reauthenticate": "barnet.customers.signing_in.forms.ReauthenticateForm",
}
PASSWORD_RESET_TIMEOUT = 60 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
MFA_ADAPTER = "barnet.customers.signing_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey is unlocked by its owner each time: a stolen one opens nothing
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}  # two requests a try; a library has one address for many people
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 0  # a code counts for its own thirty seconds and no longer: ASVS 6.5.5
MFA_FORMS = {
    "authenticate": "barnet.customers.signing_in.forms.AuthenticateForm",
    "reauthenticate": "barnet.customers.signing_in.forms.SecondStepAgainForm",
    "activate_totp": "barnet.customers.signing_in.forms.ActivateTOTPForm",
    "deactivate_totp": "barnet.customers.signing_in.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "barnet.customers.signing_in.forms.GenerateRecoveryCodesForm",
    "add_webauthn": "barnet.customers.signing_in.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "barnet.customers.signing_in.passkey_forms.RenamePasskeyForm",
    "login_webauthn": "barnet.customers.signing_in.passkey_forms.LoginPasskeyForm",
    "authenticate_webauthn": "barnet.customers.signing_in.passkey_forms.SecondStepPasskeyForm",
    "reauthenticate_webauthn": "barnet.customers.signing_in.passkey_forms.PasskeyAgainForm",
}

# Signing in with somebody else's account: docs/operators/sign-on.md
SOCIALACCOUNT_STORE_TOKENS = False
_SIGN_ON = {
    sign_on.RESIDENT: {
        "NAME": env.str("OIDC_RESIDENT_NAME", ""),
        "ISSUER": env.str("OIDC_RESIDENT_ISSUER", ""),
        "CLIENT_ID": env.str("OIDC_RESIDENT_CLIENT_ID", ""),
        "CLIENT_SECRET": env.str("OIDC_RESIDENT_CLIENT_SECRET", ""),
        "PRIVATE_KEY": env.str("OIDC_RESIDENT_PRIVATE_KEY", ""),
        "KEY_ID": env.str("OIDC_RESIDENT_KEY_ID", ""),
        "SCOPES": env.str("OIDC_RESIDENT_SCOPES", ""),
        "ORIGINS": env.str("OIDC_RESIDENT_ORIGINS", ""),
        "VTR": env.str("OIDC_RESIDENT_VTR", ""),
        "IDENTITY_ISSUER": env.str("OIDC_RESIDENT_IDENTITY_ISSUER", ""),
    },
    sign_on.STAFF: {
        "NAME": env.str("OIDC_STAFF_NAME", ""),
        "ISSUER": env.str("OIDC_STAFF_ISSUER", ""),
        "CLIENT_ID": env.str("OIDC_STAFF_CLIENT_ID", ""),
        "CLIENT_SECRET": env.str("OIDC_STAFF_CLIENT_SECRET", ""),
        "PRIVATE_KEY": env.str("OIDC_STAFF_PRIVATE_KEY", ""),
        "KEY_ID": env.str("OIDC_STAFF_KEY_ID", ""),
        "SCOPES": env.str("OIDC_STAFF_SCOPES", ""),
        "ORIGINS": env.str("OIDC_STAFF_ORIGINS", ""),
        "GROUPS_CLAIM": env.str("OIDC_STAFF_GROUPS_CLAIM", ""),
        "ROLES": env.str("OIDC_STAFF_ROLES", ""),
        "EMAIL_DOMAINS": env.str("OIDC_STAFF_EMAIL_DOMAINS", ""),
        "SECOND_STEP": env.str("OIDC_STAFF_SECOND_STEP", ""),
    },
}
SIGN_ON = sign_on.providers(_SIGN_ON, is_production=not DEVELOPMENT)

SESSION_COOKIE_AGE = 60 * 60 * 12
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", 30)
if STAFF_IDLE_MINUTES < 1:
    raise ImproperlyConfigured("STAFF_IDLE_MINUTES is the pause after which staff prove again who they are: 1 or more.")
KIOSK_IDLE_MINUTES = env.int("KIOSK_IDLE_MINUTES", 5)
if (1 if DEVELOPMENT else 2) > KIOSK_IDLE_MINUTES:
    raise ImproperlyConfigured("KIOSK_IDLE_MINUTES is the pause that ends a visit at a kiosk: 2 or more.")
VISIT_LONGEST_MINUTES = env.int("VISIT_LONGEST_MINUTES", 240)
if VISIT_LONGEST_MINUTES <= KIOSK_IDLE_MINUTES:
    raise ImproperlyConfigured("VISIT_LONGEST_MINUTES is how long one visitor is helped: more than a kiosk's pause.")
CLAIM_CODE_DAYS = env.int("CLAIM_CODE_DAYS", 90)
if CLAIM_CODE_DAYS < 1:
    raise ImproperlyConfigured("CLAIM_CODE_DAYS is how long a code joins a request to an account: 1 or more.")
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # many sign in on a library's computer
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "barnet.kit.views.csrf_failure"

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["barnet.customers.api.api_access.ApiKeyAuthentication"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Barnet resident portal",
    "VERSION": "1",
    "DESCRIPTION": "Calls for other systems of the council and its contractors: docs/developers/api.md.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "APPEND_COMPONENTS": {"securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}}},
    "SECURITY": [{"apiKey": []}],
    "DISABLE_ERRORS_AND_WARNINGS": False,
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEVELOPMENT
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows a page's preview in a frame of its own.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# From when to when the council works on a working day, on London's clock.
WORKING_HOURS = [dt.time.fromisoformat(time) for time in env.list("WORKING_HOURS", default=["09:00", "17:00"])]

# --- Requests ---------------------------------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes, without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = FieldLimit(1_000)
MANY_FIELDS = 20_000  # a form of 300 questions in the editor
_FORM_EDITOR = ("add", "edit", "copy", "preview_on_add", "preview_on_edit", "try", "revisions_revert")
MANY_FIELDS_VIEWS = {f"wagtailsnippets_smartforms_smartform:{view}" for view in _FORM_EDITOR}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024  # one photo
ATTACHMENT_MAX_COUNT = 3  # photos in one request
ATTACHMENT_FILES_MOST = 10  # other files beside one request, of the customer and of staff each
MESSAGE_FILES_MOST = 20  # sent with messages at one request, by the customer and by staff each
FORM_DRAFT_DAYS = 28  # that a form under way is kept after its last answer
FORM_FILE_MAX_BYTES = 10 * 1024 * 1024  # one file that answers a question
FORM_FILES_MOST = 10  # for one question, unless its author says fewer
FORM_FILES_OF_DRAFT = 60  # of one form under way, in all
CLAMAV_HOST = env.str("CLAMAV_HOST", "")  # host or host:port of clamd; without it files are not scanned for viruses

# --- Messages to people -----------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Barnet Council <no-reply@barnet.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
COUNCIL_PHONE = env.str("COUNCIL_PHONE", "020 7946 0100" if DEVELOPMENT else "")  # at the end of every message
if MAIL_TRANSPORT == "mailbox":
    EMAIL_BACKEND = "barnet.notifications.mailbox.MailboxBackend"
elif MAIL_TRANSPORT == "notify":
    EMAIL_BACKEND = "barnet.notifications.notify.backend.NotifyBackend"
else:
    vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
    EMAIL_TIMEOUT = 20

NOTIFY_API_KEY = env.str("NOTIFY_API_KEY", "")
NOTIFY_BASE_URL = env.str("NOTIFY_BASE_URL", "https://api.notifications.service.gov.uk")
NOTIFY_TEMPLATES = {  # one for each channel, made of ((subject)) and ((body)): a channel without one is not offered
    "email": env.str("NOTIFY_EMAIL_TEMPLATE", ""),
    "sms": env.str("NOTIFY_SMS_TEMPLATE", ""),
    "letter": env.str("NOTIFY_LETTER_TEMPLATE", ""),
}
NOTIFY_CALLBACK_TOKEN = env.str("NOTIFY_CALLBACK_TOKEN", "")
NOTIFY_PER_MINUTE = env.int("NOTIFY_PER_MINUTE", 3000)
if NOTIFY_API_KEY and len(NOTIFY_API_KEY) < 74:
    raise ImproperlyConfigured("NOTIFY_API_KEY is not a key of GOV.UK Notify: name, service and secret, by hyphens.")
if NOTIFY_CALLBACK_TOKEN and len(NOTIFY_CALLBACK_TOKEN) < 20:
    raise ImproperlyConfigured("NOTIFY_CALLBACK_TOKEN is shorter than 20 characters: make a longer one.")
if MAIL_TRANSPORT == "notify" and not (NOTIFY_API_KEY and NOTIFY_TEMPLATES["email"]):
    raise ImproperlyConfigured("MAIL_TRANSPORT is notify: set NOTIFY_API_KEY and NOTIFY_EMAIL_TEMPLATE.")

# Notifications on devices: without a key they are not offered. A browser names the service that brings them to it; we
# write to these only.
PUSH_PRIVATE_KEY = env.str("PUSH_PRIVATE_KEY", "")
PUSH_CONTACT = env.str("PUSH_CONTACT", "")
PUSH_SERVICES = env.list(
    "PUSH_SERVICES",
    default=["fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"],
)
if PUSH_PRIVATE_KEY and not re.fullmatch(r"[A-Za-z0-9_-]{43}", PUSH_PRIVATE_KEY):
    raise ImproperlyConfigured("PUSH_PRIVATE_KEY is not a key: make one with manage.py make_push_key.")
if PUSH_PRIVATE_KEY and not PUSH_CONTACT.startswith(("mailto:", "https://")):
    raise ImproperlyConfigured("PUSH_PRIVATE_KEY is set: set PUSH_CONTACT, such as mailto:web@council.example.")

# --- Files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "barnet" / "static", LOCAL_DIR / "assets"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(LOCAL_DIR / "media"))
PRIVATE_ROOT = env.path("PRIVATE_ROOT", default=str(LOCAL_DIR / "private"))
DELIVERY_FILES_ROOT = env.path("DELIVERY_FILES_ROOT", default=str(LOCAL_DIR / "office-files"))
BACKUP_ROOT = env.str("BACKUP_ROOT", str(LOCAL_DIR / "backups"))
BACKUP_PASSPHRASE_FILE = env.str("BACKUP_PASSPHRASE_FILE", "")
HASHED_STATIC = env.bool("HASHED_STATIC", True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What residents send: never below a public address, only through an access door.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
S3_BUCKET = env.str("S3_BUCKET", "")
if S3_BUCKET:
    STORAGES |= s3_storages(
        bucket=S3_BUCKET,
        endpoint_url=env.str("S3_ENDPOINT_URL", ""),
        region_name=env.str("S3_REGION", "eu-west-2"),
        access_key=env.str("S3_ACCESS_KEY_ID", ""),
        secret_key=env.str("S3_SECRET_ACCESS_KEY", ""),
    )
WHITENOISE_USE_FINDERS = not HASHED_STATIC
WHITENOISE_AUTOREFRESH = not HASHED_STATIC  # found when asked for: each test's client would read every file first
WHITENOISE_MAX_AGE = 60

# --- Language, time, forms --------------------------------------------------------------------------------------------

LANGUAGE_CODE = ENGLISH
LANGUAGES = offered_languages(env.list("LANGUAGES", default=[]))  # of the pages
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = not DEVELOPMENT
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["barnet.formats"]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- Website ----------------------------------------------------------------------------------------------------------

COUNCIL_NAME = env.str("COUNCIL_NAME", "Barnet Council")
OPEN311_JURISDICTION = env.str("OPEN311_JURISDICTION", "barnet.gov.uk")  # empty: whatever a call names is taken
COUNCIL_AREA = env.str("COUNCIL_AREA", "London Borough of Barnet")
WAGTAIL_SITE_NAME = COUNCIL_NAME
WAGTAILADMIN_BASE_URL = BASE_URL or "https://portal.invalid"
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.two_eyes.publish_approved"
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]  # no SVG: it can carry scripts
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.forms.DocumentForm"
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail.search.backends.database",
        "SEARCH_CONFIG": "english",
        "FUZZY_SIMILARITY_THRESHOLD": 0.35,
    }
}
WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = [(ENGLISH, "English")]
WAGTAILDOCS_SERVE_METHOD = "serve_view"

# --- History and logs -------------------------------------------------------------------------------------------------

PGHISTORY_APPEND_ONLY = True
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # DEBUG: one line a request, when it ends
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # the proxy knows it; our lines stay free of personal data
LOGGING_CONFIG = None
logging_config(json=env.bool("LOG_JSON", not DEVELOPMENT), level=env.str("LOG_LEVEL", "INFO"))

# --- Checks -----------------------------------------------------------------------------------------------------------

# Debian 12 has GDAL 3.6. Only operators give files to GDAL (`import_areas`), never visitors.
SILENCED_SYSTEM_CHECKS = ["gis.W001", "security.W019"]  # the second: X_FRAME_OPTIONS above
