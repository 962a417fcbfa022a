"""``python -m kiosk``, and the entry of the frozen app."""

import multiprocessing

if __name__ == "__main__":
    # In the frozen app a spawned child starts here too, and must not become a second kiosk.
    multiprocessing.freeze_support()

    from kiosk.cli import main

    main()
