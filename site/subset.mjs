/* The portal's fonts, cut down to the letters and weights that its pages use: a third less to load on a first visit.
   Run once behind `npm ci`, by `make assets`: node subset.mjs NODE_MODULES OUT. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, out] = process.argv.slice(2).map((path) => resolve(path));
const subset = createRequire(join(modules, "_"))("subset-font");
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));
/* Latin-1; then dashes, quotes, bullet, ellipsis, euro, subscript two, minus, arrows; the Welsh letters have a file of their own. */
const letters = [...range(0x20, 0x7e), ...range(0xa0, 0xff), ..."–—‘’“”„•…›€₂™−↑↓Œœ"].join("");

mkdirSync(out, { recursive: true });
for (const font of ["public-sans", "source-serif-4"]) {
  const whole = readFileSync(join(modules, "@fontsource-variable", font, "files", `${font}-latin-wght-normal.woff2`));
  const cut = await subset(whole, letters, { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 700 } } });
  writeFileSync(join(out, `${font}-latin.woff2`), cut);
}
