// The GraphiQL page: explores the GraphQL endpoint at the page's own address.

import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import { forgetfulStorage } from "./storage.js";
import "./page.css";

globalThis.MonacoEnvironment = {
  // WORKERS is filled in by build.mjs: worker name to file name beside this module.
  getWorker: (_, label) => new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url)),
};

const endpoint = window.location.pathname;
const subscriptionAddress = new URL(endpoint, window.location.href);
subscriptionAddress.protocol = window.location.protocol === "https:" ? "wss:" : "ws:";

const settings = JSON.parse(document.getElementById("graphiql-settings").textContent);

const fetcher = createGraphiQLFetcher({
  url: endpoint,
  // Headers typed into the page reach the server as the payload of connection_init.
  subscriptionUrl: subscriptionAddress.href,
  enableIncrementalDelivery: false,
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
