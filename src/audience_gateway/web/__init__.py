"""The HTTP face: the GraphQL endpoint, GraphiQL and its assets, and what guards them."""
