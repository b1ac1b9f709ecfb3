"""GraphiQL, served by the gateway itself: the page, its assets and how they are built."""
