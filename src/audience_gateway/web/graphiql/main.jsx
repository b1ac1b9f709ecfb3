// The GraphiQL page: explores the GraphQL endpoint at the page's own address.

import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createClient } from "graphql-ws";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import { forgetfulStorage } from "./storage.js";
import "./page.css";

globalThis.MonacoEnvironment = {
  // WORKERS is filled in by build.mjs: worker name to file name beside this module.
  getWorker: (_, label) => new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url)),
};

const endpoint = window.location.pathname;
const socketAddress = new URL(endpoint, window.location.href);
socketAddress.protocol = socketAddress.protocol === "https:" ? "wss:" : "ws:";

const settings = JSON.parse(document.getElementById("graphiql-settings").textContent);

const fetcher = createGraphiQLFetcher({
  url: endpoint,
  enableIncrementalDelivery: false,
  wsClient: createClient({ url: socketAddress.href }),
});

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={settings.defaultQuery}
    defaultEditorToolsVisibility="variables"
    schemaDescription
    shouldPersistHeaders={false}
    storage={forgetfulStorage(window.localStorage)}
  />,
);
