// Opens every page in a real browser, takes its picture and runs axe on it.
//   node scripts/shots.mjs [--base URL] [--out DIR] [--only NAME] [--lang en,de,cs] [--theme light,dark] [--size 1280x800,1920x1080] [--role owner|view] [--zoom]
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { PAGES } from './pages.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const base = option('base', 'http://localhost:4273');
const out = option('out', join(tmpdir(), 'claviger-shots'));
const only = option('only', '').split(',').filter(Boolean);
const langs = option('lang', 'en').split(',');
const themes = option('theme', 'light').split(',');
const sizes = option('size', '1280x800').split(',').map((text) => text.split('x').map(Number));
const role = option('role', 'owner');
const zoom = process.argv.includes('--zoom');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const profile = mkdtempSync(join(tmpdir(), 'claviger-chromium-'));
let faults = 0;
mkdirSync(out, { recursive: true });

const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium', bypassCSP: false,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const say = (text) => { faults += 1; console.log(text); };

async function check(page, name) {
  // Evaluated through the debugger, so that the page's CSP stays as strict as it is.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  for (const one of violations) say(`axe  ${name}: ${one.id} — ${one.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + node.failureSummary.replaceAll('\n', ' ')).join(' | ')}`);
  const clipped = await page.evaluate(() => [...document.querySelectorAll('.btn, .tabs a, .places a span, th button span, th .plainhead, .badge, .field label, h1, h2, legend, dt')]
    .filter((node) => node.offsetParent && !node.classList.contains('sr') && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline').map((node) => `${node.className || node.tagName}: ${node.textContent.trim()}`).slice(0, 5));
  for (const text of clipped) say(`clip ${name}: ${text}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) say(`wide ${name}: ${wide}px`);
}

for (const lang of langs) for (const theme of themes) for (const [width, height] of sizes) {
  for (const entry of PAGES) {
    if (only.length > 0 && !only.includes(entry.name)) continue;
    const page = await context.newPage();
    await page.setViewportSize(zoom ? { width: width / 2, height: height / 2 } : { width, height });
    page.on('console', (message) => { if (message.type() === 'error' && !/401|404|status of 4/.test(message.text())) say(`log  ${entry.name}: ${message.text()}`); });
    page.on('pageerror', (error) => say(`err  ${entry.name}: ${error.message}`));
    await context.clearCookies();
    const who = entry.cookie ?? role;
    if (who) await context.addCookies([{ name: 'claviger', value: who, url: base }]);
    await page.addInitScript(([chosen]) => localStorage.setItem('claviger.theme', chosen), [theme]);
    await page.request.patch(`${base}/api/v1/account`, { data: { locale: lang } });
    await page.addInitScript(([chosen]) => Object.defineProperty(navigator, 'languages', { get: () => [chosen] }), [lang]);
    const name = `${entry.name}-${lang}-${theme}-${width}${zoom ? '-zoom' : ''}`;
    try {
      await page.goto(base + entry.path, { waitUntil: 'load' });
      await page.waitForSelector('main h1, main h2', { timeout: 5000 });
      await page.waitForTimeout(350);
      if (entry.act) await entry.act(page);
      await page.waitForTimeout(350);
      await page.screenshot({ path: join(out, `${name}.png`) });
      await check(page, name);
    } catch (error) { say(`err  ${name}: ${error.message.split('\n')[0]}`); await page.screenshot({ path: join(out, `${name}-failed.png`) }); }
    await page.close();
  }
}
await context.close();
rmSync(profile, { recursive: true, force: true });
console.log(faults === 0 ? `clean; pictures in ${out}` : `${faults} findings; pictures in ${out}`);
process.exit(faults === 0 ? 0 : 1);
