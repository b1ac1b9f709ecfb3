// Bundles the page into a folder: `node build.mjs OUTPUT` writes OUTPUT/index.html and OUTPUT/assets.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { build } from "esbuild";
import { licenceTexts } from "./licences.mjs";

const PREFIX = "/graphiql/";
const WORKERS = {
  editor: "monaco-editor/esm/vs/editor/editor.worker.js",
  graphql: "monaco-graphql/esm/graphql.worker.js",
  json: "monaco-editor/esm/vs/language/json/json.worker.js",
};

const output = process.argv[2];
const assets = join(output, "assets");
const bundledFiles = [];

const bundled = {
  bundle: true,
  minify: true,
  metafile: true,
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  outdir: assets,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  target: ["chrome111", "firefox115", "safari16.4"],
  logLevel: "warning",
};

/** graphiql/style.css already holds the editor's styles; without this each would be bundled twice. */
const editorStylesOnce = {
  name: "editor-styles-once",
  setup({ onLoad }) {
    onLoad({ filter: /monaco-editor[\\/]esm[\\/].*\.css$/ }, () => ({ contents: "", loader: "empty" }));
  },
};

/** Fonts inlined as data: become files, so that a browser loads only the alphabets it shows. */
const fontsAsFiles = {
  name: "fonts-as-files",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^data:font\// }, ({ path }) => {
      const [, type, encoded] = /^data:font\/(\w+);base64,(.*)$/s.exec(path);
      const contents = Buffer.from(encoded, "base64");
      const digest = createHash("sha256").update(contents).digest("hex");
      return { path: `${digest}/font.${type}`, namespace: "font", pluginData: contents };
    });
    onLoad({ filter: /.*/, namespace: "font" }, ({ pluginData }) => ({ contents: pluginData, loader: "file" }));
  },
};

/** GraphiQL formats with these; the old names lead to CommonJS, whose parsers esbuild cannot see by name. */
const prettierModules = {
  "prettier/parser-babel": "prettier/plugins/babel",
  "prettier/parser-graphql": "prettier/plugins/graphql",
};

/** Builds one entry; returns the names of its script and, if it has one, its style sheet. */
async function bundle(entry, options) {
  const { metafile } = await build({ ...bundled, ...options, entryPoints: { [entry.name]: entry.path } });
  bundledFiles.push(...Object.keys(metafile.inputs));
  const isEntry = ([file]) => basename(file).startsWith(`${entry.name}-`) && extname(file) === ".js";
  const [file, { cssBundle }] = Object.entries(metafile.outputs).find(isEntry);
  return { script: basename(file), style: cssBundle && basename(cssBundle) };
}

async function copyHashed(file) {
  const contents = await readFile(file);
  const digest = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const extension = extname(file);
  const name = `${basename(file, extension)}-${digest}${extension}`;
  await writeFile(join(assets, name), contents);
  return name;
}

const workers = {};
for (const [name, path] of Object.entries(WORKERS)) {
  workers[name] = (await bundle({ name: `worker-${name}`, path }, { format: "iife" })).script;
}
const main = await bundle(
  { name: "main", path: "main.jsx" },
  {
    format: "esm",
    splitting: true,
    jsx: "automatic",
    define: { ...bundled.define, WORKERS: JSON.stringify(workers) },
    alias: prettierModules,
    plugins: [editorStylesOnce, fontsAsFiles],
  },
);
const files = { "main.js": main.script, "main.css": main.style, "icon.svg": await copyHashed("icon.svg") };

await writeFile(join(assets, "licences.txt"), await licenceTexts(bundledFiles));

const template = await readFile("index.html", "utf8");
const page = template.replace(/{{(\w+\.\w+)}}/g, (_, name) => PREFIX + files[name]);
await writeFile(join(output, "index.html"), page);
