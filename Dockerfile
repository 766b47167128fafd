# Installs in the first stage, where compilers and npm may be; the second has Python and the tutor.
FROM python:3.11-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt hatch_build.py README.md app.py ./
COPY bot bot
COPY cards cards
COPY content content
COPY dialogs dialogs
RUN python -m venv /opt/tutor
RUN /opt/tutor/bin/pip install --no-cache-dir -c constraints.txt '.[telemetry]'

FROM python:3.11-slim-bookworm
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
