"""``python -m kiosk``, and the entry of the frozen app."""

import multiprocessing
import sys

if __name__ == "__main__":
    # In the frozen app a spawned child starts here too, and must not become a second kiosk.
    multiprocessing.freeze_support()

    if getattr(sys, "frozen", False):
        from kiosk.settings import default_models_dir
        from kiosk.vision.models.bundled import copy_bundled_models

        copy_bundled_models(default_models_dir())

    from kiosk.cli import main

    main()
