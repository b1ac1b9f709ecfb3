"""The GraphQL surface. It maps and decides nothing: parse identifiers, ask one loader or service, wrap the answer."""
