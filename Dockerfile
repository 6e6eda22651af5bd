# A small image that a council can run: built in one stage, run in another, never as root.
FROM python:3.11-slim AS build
WORKDIR /source
COPY requirements.lock ./
RUN python -m venv /opt/optimiser && /opt/optimiser/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY optimiser optimiser
COPY data data
RUN /opt/optimiser/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 optimiser
COPY --from=build /opt/optimiser /opt/optimiser
ENV PATH=/opt/optimiser/bin:$PATH PYTHONUNBUFFERED=1
USER optimiser
WORKDIR /home/optimiser
# docker run --rm -v "$PWD/county:/county:ro" -v "$PWD/results:/home/optimiser/results" IMAGE allocate /county --out results/today
ENTRYPOINT ["optimiser"]
CMD ["--help"]
