"""compose.yaml, and its processes run by hand with its environment (no Docker engine is needed).

The commands, the environment and the health checks are read from the file by Docker Compose
itself, so what is tested here is what an engine would start.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live import ROOT, LiveStack

pytestmark = pytest.mark.processes

BIN = Path(sys.executable).parent
VALUES = {
    "POSTGRES_PASSWORD": "p0stgres",
    "VALKEY_PASSWORD": "va1key",
    "CORRIDOR_SECRET_KEY": "k7Vx2mQ9rT4wZ8bN1cF6hJ3sL5dG0pYaUeIoRtWqXzCvBnMlKj",
    "CORRIDOR_FIELD_KEYS": "mZ0m1uY2b6b1sQm0Uq3o1l8sDq1xq2r0o5n7g3v9yWc=",
    "CORRIDOR_ALLOWED_HOSTS": "corridor.example,www.corridor.example",
    "CORRIDOR_BASE_URL": "https://corridor.example",
    "CORRIDOR_EMAIL_URL": "smtp+tls://user:pw@127.0.0.1:1",
}


def docker_compose(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [BIN / "docker-compose", "--file", "compose.yaml", "config", "--format", "json"],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    done = docker_compose(**VALUES)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["services"]


@pytest.fixture(scope="module")
def production(
    compose: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveStack]:
    """The compose file's processes; only addresses and directories are this machine's."""
    scratch = tmp_path_factory.mktemp("production")
    here = {
        "CORRIDOR_MEDIA_ROOT": str(scratch / "media"),
        "CORRIDOR_MODEL_DIR": os.environ["CORRIDOR_MODEL_DIR"],
    }
    addresses = ("CORRIDOR_DATABASE_URL", "CORRIDOR_REDIS_URL")
    given = {
        name: value
        for name, value in compose["web"]["environment"].items()
        if name not in addresses
    }
    stack = LiveStack(scratch, "corridor_production", migrate=True, **{**given, **here})
    for name, child in (("web", stack.web), ("worker", stack.worker), ("beat", stack.beat)):
        program, *arguments = compose[name]["command"]
        child.command = [str(BIN / program), *arguments]
        child.command = [
            word.replace("0.0.0.0:8000", f"127.0.0.1:{stack.port}") for word in child.command
        ]
    with stack:
        stack.manage("collectstatic", "--noinput", "--verbosity", "0")
        yield stack


def test_without_its_secrets_the_file_is_refused_and_each_missing_one_is_named() -> None:
    done = docker_compose()
    assert done.returncode != 0
    for name in VALUES:
        assert f"required variable {name} is missing" in done.stderr


def test_no_secret_has_a_default_in_the_file() -> None:
    text = (ROOT / "compose.yaml").read_text()
    used = re.findall(r"\$\{(\w+)(:?[?-])", text)
    secrets = {(name, how) for name, how in used if re.search("PASSWORD|SECRET|KEYS", name)}
    assert len(secrets) == 4
    assert {how for _name, how in secrets} == {":?"}


def test_every_service_but_the_one_off_and_the_clock_has_a_health_check(compose) -> None:
    unchecked = {name for name, service in compose.items() if "healthcheck" not in service}
    assert unchecked == {"migrate", "beat"}


def test_what_must_survive_a_new_container_lies_on_a_named_volume(compose) -> None:
    kept = {
        (name, volume["source"], volume["target"])
        for name, service in compose.items()
        for volume in service.get("volumes", [])
    }
    assert ("postgres", "postgres", "/var/lib/postgresql") in kept
    assert ("valkey", "valkey", "/data") in kept
    assert ("web", "media", compose["web"]["environment"]["CORRIDOR_MEDIA_ROOT"]) in kept
    assert ("worker", "models", compose["worker"]["environment"]["CORRIDOR_MODEL_DIR"]) in kept


def test_every_setting_in_the_file_is_one_that_corridor_reads(compose) -> None:
    from corridor.config.env import NAMES

    for service in ("migrate", "web", "worker", "beat"):
        given = {key for key in compose[service]["environment"] if key.startswith("CORRIDOR_")}
        assert given <= set(NAMES)


def test_the_production_image_is_built_from_files_that_exist() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copies = [line.split() for line in lines if line.startswith("COPY ")]
    copied = [words[1] for words in copies if "--from" not in words[1]]
    assert {"corridor", "manage.py", "static", "templates", "locale"} <= set(copied)
    for path in copied:
        assert (ROOT / path).exists(), path


def test_the_deployment_check_finds_nothing(production: LiveStack) -> None:
    assert "no issues" in production.manage("check", "--deploy", "--fail-level", "INFO")


def test_the_same_processes_serve_work_and_keep_time(production: LiveStack, compose) -> None:
    production.start_web()
    test = compose["web"]["healthcheck"]["test"]
    checked = subprocess.run(
        [BIN / test[1], *[word.replace(":8000/", f":{production.port}/") for word in test[2:]]],
        env={**os.environ, **production.environment},
        check=False,
    )
    assert checked.returncode == 0

    visitor = {"Host": "corridor.example", "X-Forwarded-Proto": "https"}
    status, page = production.get("/ko/", visitor)
    assert status == 200
    assert 'lang="ko"' in page
    styles = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert styles
    assert production.get(styles[0], visitor)[0] == 200
    assert production.get("/ko/", {"Host": "elsewhere.example"})[0] == 400

    # The clock asks the worker to hand over what waits in the outbox: one row shows all three.
    production.start_worker()
    with production.database() as connection:
        connection.execute(
            "INSERT INTO common_outboxmessage (task, arguments, key, created_at, attempts)"
            " VALUES ('common.clear_outbox', '{}', '', now(), 0)"
        )

        def handed_over() -> bool:
            query = "SELECT handed_over_at IS NOT NULL FROM common_outboxmessage"
            return connection.execute(query).fetchone() == (True,)

        production.wait_for(handed_over, production.worker)
    _shell, command = compose["worker"]["healthcheck"]["test"]
    pinged = subprocess.run(
        ["sh", "-c", command.replace("$$", "$")],
        cwd=ROOT,
        env={
            **os.environ,
            **production.environment,
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOSTNAME": os.uname().nodename,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert pinged.returncode == 0, pinged.stdout + pinged.stderr


@pytest.mark.parametrize(
    "missing", ["CORRIDOR_SECRET_KEY", "CORRIDOR_FIELD_KEYS", "CORRIDOR_DATABASE_URL"]
)
def test_production_does_not_start_without_a_secret_and_says_which(
    production: LiveStack, missing: str
) -> None:
    full = production.environment
    production.environment = {**full, missing: ""}
    try:
        said = production.manage("check", check=False)
    finally:
        production.environment = full
    assert f"{missing} is not set" in said


def test_a_misspelt_setting_is_refused_with_the_right_name(production: LiveStack) -> None:
    full = production.environment
    production.environment = {**full, "CORRIDOR_ALOWED_HOSTS": "x"}
    try:
        said = production.manage("check", check=False)
    finally:
        production.environment = full
    assert "Did you mean CORRIDOR_ALLOWED_HOSTS?" in said


def test_the_documented_names_are_those_of_the_compose_file() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert yaml.safe_load(text)["name"] == "corridor"
    page = (ROOT / "docs" / "production.md").read_text()
    for name, _how in set(re.findall(r"\$\{(\w+)(:?[?-])", text)):
        assert f"`{name}`" in page, name
