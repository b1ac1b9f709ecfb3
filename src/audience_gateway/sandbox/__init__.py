"""The four vendors, emulated as real HTTP servers from their published contracts.

For the demo, for users' own development and for our tests. Shares no code with the adapters, so that a mistake in one
cannot hide behind the same mistake in the other.
"""
