# One image for web, workers, beat and manage.py. See docs/operating.md.
# Any image with Python 3.11 or newer and its venv module serves as the base.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
# Where packages come from, if not from the default index; they stay out of the final image.
ARG PIP_INDEX_URL
ARG PIP_TRUSTED_HOST
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python3 -m venv .venv
COPY requirements/base.txt requirements/
# Wheels with known hashes only: nothing is compiled, so no compiler is needed.
RUN .venv/bin/pip install --quiet --require-hashes --only-binary :all: -r requirements/base.txt \
    && .venv/bin/pip uninstall --quiet --yes pip setuptools
COPY manage.py ./
COPY platform platform
COPY courses courses
COPY assessments assessments
COPY grading grading
COPY fixtures fixtures
# Static files belong to the image; the values are placeholders for one command and are not kept.
RUN WAYMARK_MODE=production WAYMARK_SECRET_KEY=placeholder-of-this-one-command-which-collects-static-files WAYMARK_ALLOWED_HOSTS=build \
    DATABASE_URL=postgresql:///build REDIS_URL=redis:///0 \
    WAYMARK_DATA=/tmp/data WAYMARK_STATIC_ROOT=/app/static \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && .venv/bin/python -m compileall -q .venv platform courses assessments grading

FROM ${PYTHON_IMAGE}
RUN groupadd --system --gid 10001 waymark \
    && useradd --system --uid 10001 --gid waymark --home-dir /data --shell /usr/sbin/nologin waymark \
    && install -d -m 0700 -o waymark -g waymark /data
# Owned by root: the site cannot change its own code.
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONPATH=/app:/app/platform \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=waymark.settings \
    WAYMARK_MODE=production \
    WAYMARK_DATA=/data \
    WAYMARK_STATIC_ROOT=/app/static \
    WEB_CONCURRENCY=2
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "waymark.probe", "web"]
CMD ["gunicorn", "waymark.wsgi", "--bind", "0.0.0.0:8000", "--threads", "8", "--worker-tmp-dir", "/dev/shm", \
     "--graceful-timeout", "25", "--no-control-socket", "--access-logfile", "-", \
     "--logger-class", "waymark.core.access_log.AccessLogger"]
