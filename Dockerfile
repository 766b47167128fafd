# Installs in the first stage, where compilers and npm may be; the second has Python and the tutor.
# A digest pins an image for good: --build-arg BUILD_IMAGE=python:3.11-bookworm@sha256:…
ARG BUILD_IMAGE=python:3.11-bookworm
ARG RUN_IMAGE=python:3.11-slim-bookworm

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY requirements.lock build-requirements.lock ./
# Wheels alone, each of a hash that the lock files hold.
RUN python -m venv /opt/build
RUN /opt/build/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r build-requirements.lock
RUN python -m venv /opt/tutor
RUN /opt/tutor/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements.lock
COPY pyproject.toml hatch_build.py README.md app.py ./
COPY bot bot
COPY cards cards
COPY content content
COPY dialogs dialogs
RUN /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /opt/wheel .
RUN /opt/tutor/bin/pip install --no-cache-dir --no-deps --no-index --find-links /opt/wheel fine-tuning-tutor
# What a first start would make: the encoder's files, and what it read of the lessons.
RUN /opt/tutor/bin/python -I -c "import app; app.Tutor(app.load()).warm()"

FROM ${RUN_IMAGE}
RUN useradd --system --uid 10001 --no-create-home tutor && install -d -o tutor /data
COPY --from=build /opt/tutor /opt/tutor
USER tutor
WORKDIR /data
VOLUME /data
# Outside of loopback the tutor asks for MicrosoftAppId and its like, or CHANNELS=web.
ENV HOST=0.0.0.0 PORT=3978 DATABASE_URL=sqlite:////data/tutor.db DRAIN_S=5 \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["/opt/tutor/bin/python", "-m", "bot.health"]
CMD ["/opt/tutor/bin/python", "-m", "app"]
