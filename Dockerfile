# syntax=docker/dockerfile:1
# One image for every process: `serve`, `worker`, `relay`, `migrate`. The wheel is built where node is, and only there.
FROM python:3.13-slim-bookworm AS build
WORKDIR /build
COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.txt
COPY . .
RUN uv build --wheel --build-constraints requirements/build.txt --require-hashes --out-dir /wheel
RUN uv venv /portal \
 && VIRTUAL_ENV=/portal uv pip install --no-cache --require-hashes -r requirements/run.txt \
 && VIRTUAL_ENV=/portal uv pip install --no-cache --no-deps /wheel/*.whl

FROM python:3.13-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /data portal
COPY --from=build /portal /portal
ENV PATH=/portal/bin:$PATH PORTAL_HOME=/data PYTHONUNBUFFERED=1
USER portal
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["portal", "healthcheck"]
ENTRYPOINT ["portal"]
CMD ["serve"]
