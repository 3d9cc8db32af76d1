import os

SECRET_KEY = os.environ["BOARD_SESSION_KEY"]
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "beds"]
ROOT_URLCONF = "board.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql", "HOST": os.environ.get("PGHOST", "bedboard-db"), "NAME": "bedboard",
        "USER": "postgres", "PASSWORD": os.environ["PGPASSWORD"],
    }
}
USE_TZ = True
