ARG BASE=debian:trixie-slim
FROM ${BASE} AS test
RUN --mount=type=cache,id=apt-trixie,target=/var/cache/apt,sharing=locked \
    apt-get update -qq \
    && apt-get install -qq --no-install-recommends shellcheck \
    && rm -rf /var/lib/apt/lists/*
