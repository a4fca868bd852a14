// The console's row of the performance table, measured in Chromium against a large fleet. Nothing is asserted:
//   npm run measure            (CLAVIGER_MEASURE_KEYS=1000000, CLAVIGER_BINARY=a release build)
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launch, takeSession } from './lib/browser.mjs';
import { finished, policy, startSetUpServer } from './lib/server.mjs';

const KEYS = Number(process.env.CLAVIGER_MEASURE_KEYS ?? 1_000_000);
const RUNS = 5;
const ARTEFACTS = process.env.CLAVIGER_ARTEFACTS ?? new URL('../target/e2e', import.meta.url).pathname;
const MODELS = ['SafeNet eToken Fusion NFC PIV Enterprise', 'YubiKey 5C NFC', 'Crescendo C2300', 'Token2 T2F2-NFC', 'Feitian ePass K9'];
const say = (name, value, unit, target) => console.log(`${name} ${value} ${unit}${target ? ` (target ${target})` : ''}`);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const server = await startSetUpServer();
const browser = await launch();
try {
  await fill();
  await measureScripts();
  await measureFirstPage();
  await measureWork();
} finally {
  await browser.close();
  await server.stop();
}

async function fill() {
  const linked = await policy(server, 'Standard EU');
  await policy(server, 'Standard US');
  const lines = ['deviceName,serialNumber,version'];
  for (let index = 0; index < KEYS; index += 1) lines.push(`${MODELS[index % MODELS.length]},${String(1_000_000_000 + index * 7)},FIDO_2_1`);
  const form = new FormData();
  form.append('file', new Blob([lines.join('\n'), '\n']), 'fleet.csv');
  const started = Date.now();
  const { id, job_id } = await server.api('POST', `/imports?policy_id=${linked.id}`, form);
  if (job_id) await finished(server, job_id);
  const { status } = await server.api('GET', `/imports/${id}`);
  say('fleet', `${KEYS} keys ${status} in ${((Date.now() - started) / 1000).toFixed(1)}`, 's');
}

async function open() {
  const context = await browser.newContext({ baseURL: server.origin, viewport: { width: 1280, height: 800 } });
  await context.addInitScript(() => {
    globalThis.seen = { tasks: [], shifts: 0 };
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.seen.tasks.push(Math.round(entry.duration)); }).observe({ type: 'longtask', buffered: true });
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.seen.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });
  });
  const page = await context.newPage();
  await takeSession(page, server);
  return { page, context };
}

async function measureScripts() {
  const { page, context } = await open();
  const sizes = [];
  page.on('response', (response) => { if (/\.js(\?|$)/.test(response.url())) sizes.push(response.body().then((body) => gzipSync(body, { level: 9 }).length)); });
  await page.goto('/inventory/stocks');
  await page.getByRole('button', { name: /^Actions for / }).first().waitFor();
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  say('console-js', (total / 1000).toFixed(1), 'kB gzip', '≤ 120');
  await context.close();
}

async function measureFirstPage() {
  for (const [name, path] of [['stocks', '/inventory/stocks'], ['stocks-by-serial', '/inventory/stocks?sort=serial_number']]) {
    const times = [];
    const tasks = [];
    let shift = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const { page, context } = await open();
      await page.goto(path, { waitUntil: 'commit' });
      const shown = await page.waitForFunction(() => document.querySelector('tbody tr[data-id]') && performance.now(), null, { polling: 'raf' });
      times.push(Math.round(await shown.jsonValue()));
      await page.waitForTimeout(300);
      const seen = await page.evaluate(() => globalThis.seen);
      tasks.push(...seen.tasks);
      shift = Math.max(shift, seen.shifts);
      if (run === 0) await keep(page, `fleet-${name}`);
      await context.close();
    }
    say(`console-first-page ${name}`, `${median(times)} (${Math.min(...times)}–${Math.max(...times)})`, 'ms', '< 1000');
    say(`console-load-tasks ${name}`, `${tasks.length} long, worst ${Math.max(0, ...tasks)}`, 'ms', '≤ 50');
    say(`console-layout-shift ${name}`, shift.toFixed(4), 'CLS', '0');
  }
}

async function measureWork() {
  const { page, context } = await open();
  await page.goto('/inventory/stocks?size=200');
  await page.getByRole('button', { name: /^Actions for / }).first().waitFor();
  await page.waitForTimeout(500);
  const measured = async (name, work) => {
    await page.evaluate(() => { globalThis.seen.tasks = []; });
    const started = Date.now();
    await work();
    await page.waitForTimeout(200);
    const tasks = await page.evaluate(() => globalThis.seen.tasks);
    say(`console-${name}`, `${Date.now() - started} ms, ${tasks.length} long tasks, worst ${Math.max(0, ...tasks)}`, 'ms', '≤ 50');
  };
  const scroll = async () => {
    await page.mouse.move(700, 500);
    for (let step = 0; step < 30; step += 1) { await page.mouse.wheel(0, step < 20 ? 400 : -600); await page.waitForTimeout(16); }
  };
  const count = page.locator('.bar [role=status]');
  await measured('scroll', scroll);
  await measured('filter', async () => {
    await page.getByPlaceholder('Serial number or policy').pressSequentially('00042', { delay: 60 });
    await page.waitForURL(/q=00042/);
    await count.filter({ hasText: /key/ }).waitFor();
  });
  await keep(page, 'fleet-search');
  await page.getByRole('button', { name: 'Clear search' }).first().click();
  await count.filter({ hasText: /key|than/ }).waitFor();
  await measured('select-all', async () => {
    await page.getByLabel('Select this page').click();
    await page.getByRole('button', { name: /^Select all/ }).click();
    await page.getByText(/selected/).first().waitFor();
  });
  await keep(page, 'fleet-selected');
  await measured('link-policy-dialog', async () => {
    await page.getByRole('toolbar').getByRole('button', { name: 'Link Policy', exact: true }).click();
    await page.getByRole('dialog').getByText('Standard US').click();
    await page.getByText('Choose the policy for').waitFor();
  });
  await keep(page, 'fleet-link');
  await measured('scroll-under-bulk-changes', async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Link Policy' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 120_000 });
    await scroll();
    await keep(page, 'fleet-working');
    for (let round = 0; round < 4; round += 1) await scroll();
  });
  for (const path of ['/', '/audit', '/inventory/imports']) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForTimeout(500);
    await keep(page, `fleet${path === '/' ? '-overview' : path.replaceAll('/', '-')}`);
  }
  await context.close();
}

async function keep(page, name) {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
}
