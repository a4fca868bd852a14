// The JavaScript that the first inventory page needs, gzipped: the entry, its static imports, and the pages it opens.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 120_000;
const FIRST = ['index.html', 'src/shell/Shell.svelte', 'src/pages/inventory/Stocks.svelte', 'src/lib/i18n/de.ts'];
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const seen = new Map();

function add(name) {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`${name} is not in the build`);
  if (seen.has(chunk.file)) return;
  seen.set(chunk.file, gzipSync(readFileSync(`dist/${chunk.file}`), { level: 9 }).length);
  for (const imported of chunk.imports ?? []) add(imported);
}
for (const name of FIRST) add(name);

const total = [...seen.values()].reduce((sum, size) => sum + size, 0);
for (const [file, size] of [...seen].sort((a, b) => b[1] - a[1])) console.log(`${String(size).padStart(8)}  ${file}`);
console.log(`${String(total).padStart(8)}  of ${LIMIT} bytes (gzip)`);
if (total > LIMIT) process.exit(1);
