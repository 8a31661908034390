/* DuckDB for the query page, as one file that a browser can load, with its licences. Run once behind `npm ci`, by
   `make assets`: node engine.mjs NODE_MODULES OUT.

   The version is held at 1.28.0 on purpose: it reads Parquet by itself. Later ones fetch that part from another host
   while they run, which these pages forbid. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, out] = process.argv.slice(2).map((path) => resolve(path));
const esbuild = createRequire(join(modules, "_"))("esbuild");
const home = join(modules, "@duckdb", "duckdb-wasm");

mkdirSync(out, { recursive: true });
await esbuild.build({
  stdin: { contents: 'export { AsyncDuckDB, VoidLogger, DuckDBDataProtocol } from "@duckdb/duckdb-wasm";', resolveDir: modules },
  bundle: true, minify: true, format: "esm", legalComments: "none", logLevel: "error",
  nodePaths: [modules], outfile: join(out, "duckdb.js"),
});
copyFileSync(join(home, "dist", "duckdb-eh.wasm"), join(out, "duckdb.wasm"));
copyFileSync(join(home, "dist", "duckdb-browser-eh.worker.js"), join(out, "duckdb-worker.js"));
writeFileSync(join(out, "LICENCE-duckdb.txt"), `DuckDB and DuckDB-Wasm, https://duckdb.org/

Copyright 2018-2023 Stichting DuckDB Foundation

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`);
for (const part of ["apache-arrow", "flatbuffers"]) {
  const name = { "apache-arrow": "LICENSE.txt", flatbuffers: "LICENSE" }[part];
  copyFileSync(join(modules, part, name), join(out, `LICENCE-${part}.txt`));
}
