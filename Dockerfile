# Two stages, so that pip and its leavings stay out of what runs.
FROM python:3.12-slim AS build
COPY requirements/run.txt /run.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r /run.txt \
 && python -m compileall -q /venv

FROM python:3.12-slim
# An account of no power; its number is fixed so that volumes keep their owner.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin rightsbook \
 && install -d -o rightsbook -g rightsbook -m 0700 /evidence
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings STATIC_ROOT=/app/staticfiles
WORKDIR /app
COPY manage.py ./
COPY config config
COPY investors investors
COPY notices notices
COPY registrations registrations
COPY templates templates
COPY static static
# DEBUG fills in what collecting needs no real value for; it is not set in what runs.
RUN DEBUG=1 python manage.py collectstatic --noinput && python -m compileall -q /app
USER rightsbook
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--worker-class", "gthread", "--threads", "4", "--worker-tmp-dir", "/tmp", "--no-control-socket"]
