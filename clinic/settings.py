"""Settings of every mode: development, demo and production differ only by the environment (docs/production.md, "Settings")."""

import os
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from clinic import environment, start

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text(os.environ, "TACTUS_DATA", str(BASE_DIR / "data")))
MODE = start.mode(os.environ)
IN_PRODUCTION = MODE == "production"
OWN_FILE = start.DEMO_FILE if MODE == "demo" else "tactus.sqlite3"
SQLITE_FILE = Path(environment.text(os.environ, "SQLITE_FILE", str(DATA_DIR / OWN_FILE)))

start.refuse_bad_settings(os.environ)

DEBUG = environment.switch(os.environ, "DEBUG", default=MODE == "development")
SECRET_KEY = environment.text(os.environ, "SECRET_KEY") or start.kept_key(DATA_DIR / f"{MODE}.key")
SECRET_KEY_FALLBACKS = environment.words(os.environ, "SECRET_KEY_FALLBACKS")  # keys before this one: what they signed still opens
ALLOWED_HOSTS = environment.words(os.environ, "ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = environment.words(os.environ, "CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "clinic.apps.ClinicConfig",
    "clinic.home",
    "clinic.health",
    "clinic.keeping",
    "clinic.exchange",
    "clinic.courses",
    "clinic.reminders",
    "clinic.schedule",
    "patients",
    "protocols",
    "clinic.signing",
    "clinic.audit",
    "clinic.staff",
    "clinic.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "lucide",
    "template_partials",
]

MIDDLEWARE = [
    "clinic.web.request_lines.RequestLines",
    "clinic.web.strict_headers.StrictHeaders",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "clinic.health.door.HealthDoor",  # before hosts, sessions and people: a load balancer asks when all of those are down
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "clinic.web.signed_out.KeepTyped",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.staff.sign_ins.SignInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clinic.web.forms_only.FormsOnly",
    "clinic.staff.locking.LockMiddleware",
    "clinic.staff.middleware.StaffMiddleware",
    "patients.care.guard.CareMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
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
            "builtins": ["clinic.web.templatetags.quick"],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": environment.database(os.environ, sqlite_file=SQLITE_FILE)}
start.private_folder(DATA_DIR)
start.close_to_others(SQLITE_FILE)  # patients' records are in it
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = environment.caches(os.environ)

# Who signs in, and how.
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["clinic.staff.backends.SignedInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "clinic.staff.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Tactus: "
ACCOUNT_SESSION_REMEMBER = False
# A whole clinic shares one address, and a stranger must not lock anybody out: passwords are counted by clinic.staff.limits, and codes of
# a second step (the key) for the person. What an address may do in a minute is more than a clinic does when its day begins.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "5/5m/key", "reset_password": "60/m/ip,5/m/key", "reset_password_from_key": "60/m/ip"}
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # for how long a password that was entered again lets a doctor sign
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "clinic.staff.passkeys.PasskeyAdapter"
MFA_FORMS = {
    "add_webauthn": "clinic.staff.passkey_forms.PasskeyForm",
    "edit_webauthn": "clinic.staff.passkey_forms.PasskeyNameForm",
    "login_webauthn": "clinic.staff.passkey_forms.PasskeySignInForm",
    "authenticate_webauthn": "clinic.staff.passkey_forms.PasskeySecondStepForm",
    "reauthenticate_webauthn": "clinic.staff.passkey_forms.PasskeyAgainForm",
}
MFA_TOTP_ISSUER = "Tactus"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Doctors, administrators and clinical leads need a second step: always in production, elsewhere where somebody wants to see it.
SECOND_STEP_REQUIRED = IN_PRODUCTION or (MODE != "demo" and environment.switch(os.environ, "SECOND_STEP_REQUIRED", default=False))
SESSION_ENGINE = "clinic.staff.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60  # after signing in, whatever is done: see clinic.staff.sign_ins
DEVICE_COOKIE_NAME = "device"
IDLE_LOCK_MINUTES = environment.minutes(os.environ, "IDLE_LOCK_MINUTES", default=15, longest=120)  # see clinic.staff.locking
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name patients: not in a cookie

# Messages leave in the background, so that no answer tells by its time or its failure whether an account exists.
MAIL = environment.mail(os.environ, sends=IN_PRODUCTION)
EMAIL_BACKEND, EMAIL_FILE_PATH = MAIL.backend, str(DATA_DIR / "mail")
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.host, MAIL.port, MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = MAIL.starttls, MAIL.tls, 20
DEFAULT_FROM_EMAIL = environment.text(os.environ, "EMAIL_FROM", f"Tactus <tactus@{ALLOWED_HOSTS[0].lstrip('.')}>")

PUBLIC_URL = environment.public_url(os.environ, is_public=IN_PRODUCTION)  # before the links in messages

# Messages to patients and staff: the way of sending behind each channel. The demo writes to nobody, whatever the environment names.
MESSAGE_BACKENDS: dict[str, str] = environment.message_backends({} if MODE == "demo" else os.environ, is_public=IN_PRODUCTION)
SMS = environment.sms({} if MODE == "demo" else os.environ, is_public=IN_PRODUCTION)

# Languages and time. Moments are stored in UTC; pages show the clinic's own zone.
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "clinic.formats"

# Files that every page loads. Only production collects and names them by content; elsewhere they are found where they lie.
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if IN_PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["clinic.web.sheet_finder.SheetFinder", "django.contrib.staticfiles.finders.AppDirectoriesFinder"]
MADE_SHEETS = BASE_DIR / "made"  # the small style sheets written as one; made anew where it is missing
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"  # outside of the web root: only a view gives out what lies here
UPLOAD_MAX_BYTES, UPLOAD_MAX_PIXELS = 10_000_000, 50_000_000
FILE_UPLOAD_HANDLERS = [
    "clinic.web.upload_limit.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The key that signs, outside the database. One machine makes its own; several share a folder that SIGNING_KEYS names.
SIGNING_KEYS_ARE_SHARED = bool(environment.text(os.environ, "SIGNING_KEYS"))
SIGNING_KEYS = Path(environment.text(os.environ, "SIGNING_KEYS", str(DATA_DIR / "signing")))
SIGNING_HEADS = DATA_DIR / "signing" / "heads"

# Backups: where to (without it nobody takes one at night), the public keys that they are encrypted to, how many days, weeks and months
# are kept, and the secret key, only on a machine that tries whether they come back.
BACKUP_FOLDER = environment.text(os.environ, "BACKUP_FOLDER")
BACKUP_RECIPIENTS = environment.words(os.environ, "BACKUP_RECIPIENTS")
BACKUP_KEEP = environment.text(os.environ, "BACKUP_KEEP", "7,4,12")
BACKUP_IDENTITY_FILE = environment.text(os.environ, "BACKUP_IDENTITY_FILE")

# What a browser may do with our pages: load our own files and nothing else.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
NO_DEVICES = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"
PASSKEYS = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY: dict[str, list[str]] = {device: [] for device in NO_DEVICES.split()} | {use: ["self"] for use in PASSKEYS}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
THEME_COOKIE_NAME = "theme"
CSRF_FAILURE_VIEW = "clinic.web.views.csrf_failure"
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)/$"]  # a load balancer asks from inside, without HTTPS
if IN_PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_NAME, THEME_COOKIE_NAME, DEVICE_COOKIE_NAME = "__Host-language", "__Host-theme", "__Host-device"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = environment.switch(os.environ, "SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if environment.switch(os.environ, "BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        ALLAUTH_TRUSTED_PROXY_COUNT = 1

# The worker. In memory it is one process that also keeps the clock; on Redis any number, and one of them is started with --beat.
CELERY_BROKER_URL = environment.broker(os.environ)
CELERY_BROKER_TRANSPORT_OPTIONS = environment.broker_options(CELERY_BROKER_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: what is due goes out without a broker too (clinic.reminders.watch)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / f"{MODE}-beat")
CELERY_BEAT_SCHEDULE = {
    "seal-looks": {"task": "clinic.audit.tasks.seal_looks", "schedule": crontab()},
    "release-expired-holds": {"task": "clinic.schedule.tasks.release_expired_holds", "schedule": crontab()},
    "carry-on-offers": {"task": "clinic.courses.calendar.tasks.carry_on_offers", "schedule": crontab()},
    "tell-staff": {"task": "clinic.courses.tasks.tell_staff", "schedule": crontab(minute="*/5")},
    "clear-expired-sessions": {"task": "clinic.staff.tasks.clear_expired_sessions", "schedule": crontab(hour="3", minute="20")},
    "forget-sent-forms": {"task": "clinic.staff.tasks.forget_sent_forms", "schedule": crontab(hour="3", minute="25")},
    "end-referrals": {"task": "patients.tasks.end_referrals", "schedule": crontab(minute="40")},
    "forget-orphan-files": {"task": "patients.tasks.remove_orphan_files", "schedule": crontab(hour="3", minute="45")},
    "export-heads": {"task": "clinic.signing.tasks.export_heads", "schedule": crontab(hour="3", minute="30")},
    "empty-messages": {"task": "clinic.keeping.erasure.tasks.empty_messages", "schedule": crontab(hour="3", minute="5")},
    "propose-erasures": {"task": "clinic.keeping.erasure.tasks.propose_erasures", "schedule": crontab(hour="3", minute="10")},
    "put-away-lists": {"task": "clinic.exchange.tasks.put_away_lists", "schedule": crontab(hour="3", minute="15")},
    "arrange-reminders": {"task": "clinic.reminders.tasks.arrange_reminders", "schedule": crontab(hour="2", minute="50")},
    "send-due-messages": environment.send_often(CELERY_BROKER_URL),
    "verify-signatures": {"task": "clinic.health.tasks.verify_signatures", "schedule": crontab(minute="50")},
    "verify-audit": {"task": "clinic.health.tasks.verify_audit", "schedule": crontab(hour="3", minute="55")},
}
if BACKUP_FOLDER:
    CELERY_BEAT_SCHEDULE["make-backup"] = {"task": "clinic.keeping.tasks.make_backup", "schedule": crontab(hour="1", minute="40")}
if BACKUP_FOLDER and BACKUP_IDENTITY_FILE:
    on_sundays = crontab(day_of_week="0", hour="4", minute="10")
    CELERY_BEAT_SCHEDULE["drill-backup"] = {"task": "clinic.keeping.tasks.drill_backup", "schedule": on_sundays}

LOG_LEVEL = environment.log_level(os.environ, default="INFO" if IN_PRODUCTION else "WARNING")
LOG_FORMAT = environment.log_format(os.environ, default="json" if IN_PRODUCTION else "plain")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # What a failure says may be about somebody, so only developers read it.
        "plain": {"()": "clinic.web.logs.PlainLines", "with_words": MODE == "development"},
        "json": {"()": "clinic.web.logs.JsonLines"},
    },
    "filters": {"without_tokens": {"()": "clinic.web.logs.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["without_tokens"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # By Django's own settings these would write past the filter, and mail what failed to somebody.
        "django": {"handlers": [], "level": LOG_LEVEL},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.db.backends": {"level": "INFO"},  # below that it writes what is asked of the database
        "celery": {"level": "WARNING"},  # else every look at the outbox is three lines
    },
}
