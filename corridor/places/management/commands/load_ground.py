"""Load the ground: ``manage.py load_ground``; ``--check`` only reads and checks the files."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corridor.places.loading import GroundError, read_ground
from corridor.places.services import load_ground


class Command(BaseCommand):
    help = "Load sectors, states, hubs and investment projects from corridor/places/data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="read and check the files, write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            facts = read_ground()
        except GroundError as error:
            count = len(error.problems)
            raise CommandError(
                f"{count} problems in the ground; nothing was written.\n{error}"
            ) from (error)
        if options["check"]:
            self.stdout.write(
                f"Consistent: {len(facts.sectors)} sectors, {len(facts.states)} states, "
                f"{len(facts.hubs)} hubs, {len(facts.projects)} projects."
            )
            return
        loaded = load_ground(facts)
        self.stdout.write(
            f"Loaded {loaded.sectors} sectors, {loaded.states} states, {loaded.hubs} hubs with "
            f"{loaded.anchors} anchors, {loaded.projects} projects."
        )
        if loaded.kept:
            self.stdout.write("Left as staff have them: " + ", ".join(loaded.kept))
        if loaded.no_longer_named:
            self.stdout.write(
                "Kept, though the data no longer names them: " + ", ".join(loaded.no_longer_named)
            )
