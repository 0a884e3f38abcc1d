"""`python -m slmtui`."""

from slmtui.cli import main

if __name__ == "__main__":
    main()
