/* Vega for charts that somebody explores, as one file that a browser can load, with the licences of everything in it.
   Run once behind `npm ci`, by `make assets`: node vega.mjs NODE_MODULES OUT.

   Its expressions are interpreted and not compiled, so that pages need not allow `unsafe-eval`. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, out] = process.argv.slice(2).map((path) => resolve(path));
const esbuild = createRequire(join(modules, "_"))("esbuild");

mkdirSync(out, { recursive: true });
const { metafile } = await esbuild.build({
  stdin: { contents: 'export { View, parse } from "vega"; export { expressionInterpreter } from "vega-interpreter";', resolveDir: modules },
  bundle: true, minify: true, format: "esm", platform: "browser", legalComments: "none", logLevel: "error", metafile: true,
  nodePaths: [modules], outfile: join(out, "vega.js"),
});
const packages = new Set(Object.keys(metafile.inputs).map((path) => path.split("node_modules/").pop().match(/^(@[^/]+\/)?[^/]+/)[0]).filter((name) => name !== "<stdin>"));
const licences = [...packages].sort().map((name) => {
  const file = readdirSync(join(modules, name)).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} has no licence beside it`);
  return `${name}\n\n${readFileSync(join(modules, name, file), "utf8").trim()}\n`;
});
writeFileSync(join(out, "LICENCE-vega.txt"), licences.join("\n--------\n\n"));
