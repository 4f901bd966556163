# The portal as one image, for the website and for the worker: docs/operators/containers.md.
# Every stage starts from an image named by its whole version; what is installed is locked with hashes.

FROM node:22.13.0-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM python:3.11.11-slim-bookworm AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /srv/venv \
    && /srv/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.11.11-slim-bookworm AS portal
# GDAL for PostGIS and imports; PostgreSQL's client and gpg for `manage.py backup`.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gdal-bin postgresql-client-15 gnupg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /srv/home portal
WORKDIR /srv/portal
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_MODE=production
COPY --from=packages /srv/venv /srv/venv
COPY . .
COPY --from=assets /build/.local/assets .local/assets
# The names of the files are made of their contents: no secret is needed, and none is kept.
RUN python ops/catalogues.py \
    && python -m compileall -q barnet cms demo ops portal \
    && PORTAL_MODE=development python manage.py collectstatic --no-input \
    && mkdir -p .local/media .local/private .local/backups \
    && chown -R portal .local/media .local/private .local/backups
USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "--config=ops/gunicorn_conf.py", "barnet.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--worker-class=gthread", "--threads=4", "--graceful-timeout=25", "--worker-tmp-dir=/dev/shm"]
