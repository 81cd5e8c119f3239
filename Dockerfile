# One image for every process: `serve`, `worker`, `relay`, `migrate`. The wheel is built where node is, and only there.
FROM python:3.13-slim-bookworm AS build
# nobody may write to /portal later, so what is not compiled here would be compiled at every start
ENV UV_COMPILE_BYTECODE=1
WORKDIR /build
COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.txt
COPY pyproject.toml package-lock.json package.json build_assets.py README.md ./
COPY foundation foundation
COPY notices notices
COPY catalog catalog
COPY matching matching
COPY portal portal
RUN uv build --wheel --build-constraints requirements/build.txt --require-hashes --out-dir /wheel
RUN uv venv /portal \
 && VIRTUAL_ENV=/portal uv pip install --no-cache --require-hashes -r requirements/run.txt \
 && VIRTUAL_ENV=/portal uv pip install --no-cache --no-deps /wheel/*.whl

FROM python:3.13-slim-bookworm
# what papers are drawn with; rare characters in names; PostgreSQL's own programs for `backup` and `restore`;
# Python's library compiled, which the base image leaves to whoever may write there
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    postgresql-client-15 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 portal \
 && useradd --system --uid 10001 --gid 10001 --home-dir /data portal \
 && install --directory --owner portal --group portal /data \
 && python -m compileall -q /usr/local/lib/python3.13
COPY --from=build /portal /portal
ENV PATH=/portal/bin:$PATH PORTAL_HOME=/data FILES_DIR=/data/files PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
# the web's own health; worker and relay are asked with `portal healthcheck` (compose.yaml)
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["portal"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
