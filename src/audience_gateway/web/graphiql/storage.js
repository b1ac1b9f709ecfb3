// What GraphiQL remembers between visits: everything but headers, which may hold keys.

const HISTORY = new Set(["graphiql:queries", "graphiql:favorites"]);

function withoutHeaders(history) {
  return JSON.stringify(JSON.parse(history), (name, value) => (name === "headers" ? undefined : value));
}

/** Wraps a Web Storage so that the history of operations is kept without the headers sent along. */
export function forgetfulStorage(storage) {
  return {
    getItem: (name) => storage.getItem(name),
    setItem: (name, value) => storage.setItem(name, HISTORY.has(name) ? withoutHeaders(value) : value),
    removeItem: (name) => storage.removeItem(name),
    clear: () => storage.clear(),
    get length() {
      return storage.length;
    },
  };
}
