# A small image that a council can run: built in one stage, run in another, never as root.
FROM python:3.11-slim AS build
WORKDIR /source
COPY requirements.lock ./
RUN python -m venv /opt/optimiser && /opt/optimiser/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY optimiser optimiser
COPY api api
COPY data data
RUN /opt/optimiser/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
# The folder of the database exists, and belongs to the user, before a volume is laid over it: so does the volume then.
RUN useradd --create-home --uid 10001 optimiser && install -d -o optimiser -g optimiser -m 700 /var/lib/optimiser
COPY --from=build /opt/optimiser /opt/optimiser
ENV PATH=/opt/optimiser/bin:$PATH PYTHONUNBUFFERED=1 DATABASE_URL=sqlite:////var/lib/optimiser/county.db
USER optimiser
WORKDIR /home/optimiser
VOLUME /var/lib/optimiser
EXPOSE 8000
# "live" and not "ready": a service that waits for its database or its data need not be restarted. Commands other than serve end by themselves.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('OPTIMISER_PORT', '8000') + '/health/live', timeout=4)"]
STOPSIGNAL SIGTERM
# docker run --rm -v "$PWD/county:/county:ro" -v "$PWD/results:/home/optimiser/results" IMAGE allocate /county --out results/today
# docker run -d -v county:/var/lib/optimiser -p 127.0.0.1:8000:8000 -e OPTIMISER_HOST=0.0.0.0 IMAGE serve
ENTRYPOINT ["optimiser"]
CMD ["--help"]
