"""The house rules that a machine can hold: style, types, layers, migrations, two languages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from corridor.config import env, sentences, translations

ROOT = Path(__file__).resolve().parents[2]


def tool(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
    return done.stdout


def test_ruff_finds_nothing():
    tool("ruff", "check", ".")


def test_types_hold_where_they_are_strict():
    tool("mypy")


def test_rooms_import_downwards_only():
    script = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_sentence_has_korean():
    lacking = sentences.missing()
    assert not lacking, "\n".join(f"{key[1]!r}  ({places[0]})" for key, places in lacking.items())


def test_no_catalog_says_one_thing_in_two_ways():
    """Catalogs are cut by area, and Django lets the first win: they must not disagree."""
    said: dict[sentences.Key, tuple[str, str]] = {}
    for area in translations.areas(ROOT / "locale"):
        for key, text in sentences.catalog(Path(area)).items():
            first = said.setdefault(key, (text, area))
            assert first[0] == text, f"{key[1]!r}: {first} and {(text, area)}"


def test_placeholders_survive_translation():
    holes = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
    for (_context, msgid), text in sentences.translated().items():
        assert set(holes.findall(text)) <= set(holes.findall(msgid)), (msgid, text)


def test_no_template_carries_inline_style_or_script():
    inline = re.compile(r"""\sstyle=["']|\son[a-z]+=["']|<style\b|<script(?![^>]*\bsrc=)[^>]*>""")
    for path in (ROOT / "templates").rglob("*.html"):
        for found in inline.findall(path.read_text(encoding="utf-8")):
            assert "application/ld+json" in found, f"{path.relative_to(ROOT)}: {found}"


def test_every_setting_is_told_in_the_production_guide():
    guide = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    for name in env.NAMES:
        assert name in guide, f"docs/production.md does not tell of {name}"


def test_an_unknown_setting_is_refused_with_the_nearest_name(monkeypatch):
    monkeypatch.setenv("CORRIDOR_DATABSE_URL", "postgresql://x/y")
    with pytest.raises(Exception, match="Did you mean CORRIDOR_DATABASE_URL"):
        env.check_names()


def test_production_does_not_start_without_its_secrets(monkeypatch):
    monkeypatch.setenv("CORRIDOR_MODE", "production")
    monkeypatch.delenv("CORRIDOR_SECRET_KEY", raising=False)
    with pytest.raises(Exception, match="CORRIDOR_SECRET_KEY is not set"):
        env.secret("CORRIDOR_SECRET_KEY")


def test_a_web_process_starts_without_torch():
    script = (
        "import sys, django; django.setup(); import corridor.config.wsgi, corridor.config.urls;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers')))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert done.returncode == 0, "torch came in with the web process"
