"""What the gateway talks about: frozen values and pure functions. Standard library only; no input, no output."""
