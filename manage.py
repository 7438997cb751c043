#!/usr/bin/env python
"""Django's command line. In the demo it brings up the embedded services a command needs."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
    from corridor.config.env import needs_embedded_services

    if needs_embedded_services(sys.argv[1:]):
        from corridor.demo import services

        services.ensure_for_command()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
