"""The steps, in the order of their numbers. A step once released is never changed, nor does it import our tables."""
