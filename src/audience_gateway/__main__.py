"""``python -m audience_gateway``: the command line."""

from audience_gateway.cli import main

if __name__ == "__main__":
    main()
