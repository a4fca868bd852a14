// The console's row of the performance table, in Chromium, on a server that `cargo xtask bench console` has filled and started.
// Writes a line for each figure: its name, then its values. Nothing is asserted.
//   CLAVIGER_ORIGIN, CLAVIGER_LINK (an Owner's one-time link), CLAVIGER_RUNS
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launch, loaded, takeSession } from './lib/browser.mjs';
import { configure, handOut, observe, person, stocked } from './lib/hands.mjs';
import { policy, takeUpServer } from './lib/server.mjs';

const OWNER = { email: 'browser@example.test', display_name: 'Browser' };
const RUNS = Number(process.env.CLAVIGER_RUNS ?? 3);
const ARTEFACTS = process.env.CLAVIGER_ARTEFACTS ?? new URL('../target/bench/console', import.meta.url).pathname;
const WIDE = { width: 1920, height: 1080 };
const worst = (tasks) => Math.max(0, ...tasks);
const rows = (page) => page.getByRole('button', { name: /^Actions for / });
const count = (page) => page.locator('.bar [role=status]').filter({ hasText: /key|than/ });
const order = (page) => page.getByRole('dialog').getByRole('button', { name: 'Link Policy', exact: true });
const say = (name, values) => console.log([name, ...values].join(' '));

const server = await takeUpServer(process.env.CLAVIGER_ORIGIN, process.env.CLAVIGER_LINK, OWNER);
const browser = await launch();
try {
  await lastChanged();
  await scripts();
  for (const [name, path] of [['stocks', '/inventory/stocks'], ['inventory', '/inventory']]) await firstPage(name, path);
  await work();
  await pictures();
} finally {
  await browser.close();
}

/** The keys on the first page: those that passed through hands one by one, in every state. */
async function lastChanged() {
  const rules = [await policy(server, 'Standard EU'), await policy(server, 'Enterprise Finance', { type: 'enterprise' })];
  await policy(server, 'Standard US');
  const people = [];
  for (const [name, display_name] of [['eva.schmidt', 'Eva Schmidt'], ['jan.novák', 'Jan Novák'], ['m.oberhauser-lindenthal', 'Maximiliane Oberhauser-Lindenthal'], ['li.wei', 'Li Wei']]) people.push(await person(server, name, { display_name }));
  const devices = ['SafeNet eToken Fusion NFC PIV Enterprise', 'YubiKey 5C NFC', 'Crescendo C2300'];
  for (let index = 0; index < 24; index += 1) {
    const [key] = await stocked(server, [`VW${String(index).padStart(8, '0')}`], rules[index % 2].id, devices[index % 3]);
    const user = people[index % people.length];
    const admin_pin = index % 2 === 1;
    if (index % 6 === 5) await configure(server, key, { admin_pin });
    else await handOut(server, key, user, { admin_pin, firmware: '2.3.1', provider: index % 4 === 3 ? 'Keycloak' : 'Entra ID' });
    if (index % 6 === 1) await server.api('POST', `/security-keys/${key.id}/suspend`);
    if (index % 6 === 2) await observe(server, key, { kind: 'pin_state', state: 'blocked', retries: 0 });
    if (index % 6 === 3) await server.api('POST', `/security-keys/${key.id}/revoke`, { reason: 'lost', notify: false });
  }
}

async function open(size = { width: 1280, height: 800 }, colorScheme = 'light') {
  const context = await browser.newContext({ baseURL: server.origin, viewport: size, colorScheme });
  await context.addInitScript(() => {
    globalThis.seen = { tasks: [], shifts: 0 };
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.seen.tasks.push(Math.round(entry.duration)); }).observe({ type: 'longtask', buffered: true });
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.seen.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });
  });
  const page = await context.newPage();
  await takeSession(page, server);
  return { page, context };
}

async function scripts() {
  const { page, context } = await open();
  const sizes = [];
  page.on('response', (response) => { if (/\.js(\?|$)/.test(response.url())) sizes.push(response.body().then((body) => gzipSync(body, { level: 9 }).length)); });
  await page.goto('/inventory');
  await rows(page).first().waitFor();
  await loaded(page);
  say('console-js', [(await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1000]);
  await context.close();
}

async function firstPage(name, path) {
  const [times, tasks, shifts] = [[], [], []];
  for (let run = 0; run < RUNS; run += 1) {
    const { page, context } = await open();
    await page.goto(path, { waitUntil: 'commit' });
    const shown = await page.waitForFunction(() => document.querySelector('tbody tr[data-id]') && performance.now(), null, { polling: 'raf' });
    times.push(await shown.jsonValue());
    await loaded(page);
    const seen = await page.evaluate(() => globalThis.seen);
    tasks.push(worst(seen.tasks));
    shifts.push(seen.shifts);
    await context.close();
  }
  say(`console-first-page-${name}`, times);
  say(`console-first-page-${name}-task`, tasks);
  say(`console-first-page-${name}-shift`, shifts);
}

async function work() {
  const figures = new Map();
  for (let run = 0; run < RUNS; run += 1) {
    const { page, context } = await open();
    const measured = async (name, act) => {
      await page.evaluate(() => { globalThis.seen.tasks = []; });
      const started = await page.evaluate(() => performance.now());
      await act();
      const ended = await page.evaluate(() => performance.now());
      // A long task is told of after its end.
      await page.waitForTimeout(200);
      const tasks = await page.evaluate(() => globalThis.seen.tasks);
      for (const [figure, value] of [[`console-${name}`, ended - started], [`console-${name}-task`, worst(tasks)]]) figures.set(figure, [...(figures.get(figure) ?? []), value]);
    };
    await once(page, measured, run);
    await context.close();
  }
  for (const [name, values] of figures) say(name, values);
}

/** What an administrator does with large lists, on pages of 200 rows. */
async function once(page, measured, run) {
  await page.goto('/inventory?size=200');
  await rows(page).first().waitFor();
  await loaded(page);
  await measured('scroll', () => scroll(page));
  await measured('search', async () => {
    await page.getByPlaceholder('Serial, policy or user').pressSequentially('0004', { delay: 60 });
    await page.waitForURL(/q=0004/);
    await count(page).waitFor();
  });
  await page.getByRole('button', { name: 'Clear search' }).first().click();
  await count(page).waitFor();
  await measured('filter', async () => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.locator('.kinds').getByRole('button', { name: 'Policy', exact: true }).click();
    await page.getByLabel('Fleet 03', { exact: true }).click();
    await page.waitForURL(/policy=/);
    await count(page).waitFor();
  });
  await keep(page, 'filtered');
  await page.goto('/inventory/stocks?size=200');
  await rows(page).first().waitFor();
  await loaded(page);
  await measured('select', async () => {
    await page.getByLabel('Select this page').click();
    await page.getByRole('button', { name: /^Select all/ }).click();
    await page.getByRole('toolbar').getByText(/selected/).waitFor();
  });
  await keep(page, 'selected');
  await measured('order', async () => {
    await page.getByRole('toolbar').getByRole('button', { name: 'Link Policy', exact: true }).click();
    await page.getByRole('dialog').getByText(run % 2 ? 'Standard EU' : 'Standard US').click();
    await order(page).and(page.locator(':enabled')).waitFor();
  });
  await keep(page, 'order');
  // While a job goes through them all, the page stays quick.
  await measured('scroll-beside-job', async () => {
    await order(page).click();
    await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 120_000 });
    await scroll(page);
    await keep(page, 'beside-job');
    for (;;) {
      await scroll(page);
      const { items } = await server.api('GET', '/jobs?limit=1');
      if (!['queued', 'running'].includes(items[0]?.status)) return;
    }
  });
}

async function scroll(page) {
  await page.mouse.move(700, 500);
  for (let step = 0; step < 30; step += 1) { await page.mouse.wheel(0, step < 20 ? 400 : -600); await page.waitForTimeout(16); }
}

/** What is looked at: the list narrow and wide, light and dark, closed and open, searched, and empty. */
async function pictures() {
  for (const [width, size] of [['1280', undefined], ['1920', WIDE]]) {
    for (const scheme of ['light', 'dark']) {
      const { page, context } = await open(size, scheme);
      for (const [name, path] of [['assigned', '/inventory'], ['search', '/inventory?q=0004'], ['filter', '/inventory?status=enrolled,suspended'], ['nothing', '/inventory?q=nobody-has-this'], ['stocks', '/inventory/stocks'], ['overview', '/']]) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await loaded(page);
        await keep(page, `${name}-${width}-${scheme}`);
        if (name !== 'assigned') continue;
        await page.getByRole('button', { name: /^Details of / }).nth(2).click();
        await page.locator('tr.detail').waitFor();
        await keep(page, `expanded-${width}-${scheme}`);
      }
      await context.close();
    }
  }
}

async function keep(page, name) {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
}
