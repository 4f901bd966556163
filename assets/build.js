// Compiles what the browser loads: assets/*.scss and assets/*.js → .local/assets. Django collects it from there.
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { watch } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(HERE);
const MODULES = path.join(ROOT, "node_modules");
const MOJ_IMAGES = path.join(MODULES, "@ministryofjustice/frontend/moj/assets/images");
const TARGET = path.join(ROOT, ".local/assets");
const BROWSERS = ["chrome94", "firefox93", "safari15"]; // older ones get the same pages without scripts

const STYLES = ["portal", "staff", "staff-header"];
const SCRIPTS = ["portal", "staff", "field"];

async function buildStyle(name) {
  const { css } = sass.compile(path.join(HERE, `${name}.scss`), { loadPaths: [ROOT, MODULES], quietDeps: true });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: BROWSERS });
  await copyImagesOf(code);
  await writeFile(path.join(TARGET, `${name}.css`), code);
}

async function copyImagesOf(css) {
  const names = [...css.matchAll(/url\("?images\/([^")]+)"?\)/g)].map((match) => match[1]);
  for (const name of new Set(names)) await cp(path.join(MOJ_IMAGES, name), path.join(TARGET, "images", name));
}

async function buildScripts() {
  await esbuild.build({
    entryPoints: SCRIPTS.map((name) => path.join(HERE, `${name}.js`)),
    outdir: TARGET,
    nodePaths: [MODULES],
    bundle: true,
    minify: true,
    format: "esm",
    target: BROWSERS,
    legalComments: "none",
    logLevel: "warning",
  });
}

async function build() {
  await mkdir(TARGET, { recursive: true });
  await Promise.all([...STYLES.map(buildStyle), buildScripts()]);
  for (const name of (await readdir(TARGET)).filter((file) => /\.(css|js)$/.test(file)).sort()) {
    const { length } = await readFile(path.join(TARGET, name));
    console.log(`${name.padEnd(20)} ${(length / 1000).toFixed(1).padStart(7)} kB`);
  }
}

await build();

if (process.argv.includes("--watch")) {
  let waiting;
  watch(HERE, { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((error) => console.error(error.message)), 100);
  });
}
