# A small image that a council can run: built in one stage, run in another, never as root.
# Another base, or another tag of this one: docker build --build-arg BASE=…
ARG BASE=python:3.11.14-slim-bookworm

FROM ${BASE} AS build
# With Dask, for a cluster: docker build --build-arg LOCK=requirements-cluster.lock
ARG LOCK=requirements.lock
WORKDIR /source
COPY requirements.lock requirements-cluster.lock ./
RUN python -m venv /opt/optimiser && /opt/optimiser/bin/pip install --no-cache-dir --require-hashes -r ${LOCK}
COPY pyproject.toml README.md LICENSE CONTRIBUTING.md CHANGELOG.md SECURITY.md ./
COPY .ci/hatch_build.py .ci/
COPY optimiser optimiser
COPY api api
COPY data data
RUN /opt/optimiser/bin/mkdocs build --strict --config-file optimiser/handbook/mkdocs.yml \
    && /opt/optimiser/bin/pip install --no-cache-dir --no-deps --no-build-isolation '.[service,gis,letters]'
# The inner loops of rounds are compiled once, here, for any processor of the kind: the first run of a container does not wait.
ENV NUMBA_CACHE_DIR=/opt/compiled NUMBA_CPU_NAME=generic
WORKDIR /opt
RUN /opt/optimiser/bin/optimiser rounds build /source/data/three_villages --out /tmp/rounds --quiet \
    && /opt/optimiser/bin/optimiser rounds fit /source/data/three_villages N4 --rounds /tmp/rounds --quiet \
    && rm -r /tmp/rounds

FROM ${BASE}
# What sets letters as PDF; a font comes with it.
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
# By number, so that a cluster can see that it is not root. The folder of the database exists, and belongs to the user, before a
# volume is laid over it: so does the volume then. What is compiled belongs to it too, so that more can be kept there.
RUN useradd --create-home --uid 10001 optimiser && install -d -o 10001 -g 10001 -m 700 /var/lib/optimiser
COPY --from=build /opt/optimiser /opt/optimiser
COPY --from=build --chown=10001:10001 /opt/compiled /opt/compiled
ENV PATH=/opt/optimiser/bin:$PATH PYTHONUNBUFFERED=1 DATABASE_URL=sqlite:////var/lib/optimiser/county.db
ENV NUMBA_CACHE_DIR=/opt/compiled NUMBA_CPU_NAME=generic
USER 10001:10001
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
