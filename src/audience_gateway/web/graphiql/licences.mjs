// The licence texts of the packages a bundle is made of: minified code must still carry them.

import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The folder of the package a bundled file comes from; null for a file of ours. */
function packageFolder(file) {
  if (!file.includes("node_modules")) {
    return null;
  }
  let folder = dirname(file);
  while (!existsSync(join(folder, "package.json")) || /(^|[\\/])(dist|esm|cjs|lib)$/.test(folder)) {
    folder = dirname(folder);
  }
  return folder;
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const texts = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|thirdpartynotices)(\.\w+)?$/i.test(file));
  const contents = await Promise.all(texts.sort().map((file) => readFile(join(folder, file), "utf8")));
  return [`${name} ${version} (${license})`, ...contents.map((text) => text.trim())].join("\n\n");
}

/** One text naming each package among the bundled files, with its licence and notices. */
export async function licenceTexts(files) {
  const folders = new Set(files.map(packageFolder).filter(Boolean));
  const texts = await Promise.all([...folders].map(licenceOf));
  return `${[...new Set(texts)].sort().join(`\n\n${"-".repeat(72)}\n\n`)}\n`;
}
