// Chromium as a person would use it, with what must never happen collected on the way:
// errors in the console, violations of the content security policy, accessibility faults.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { OWNER } from './server.mjs';

const CHROMIUM = process.env.CLAVIGER_CHROMIUM ?? '/usr/bin/chromium';
const ARTEFACTS = process.env.CLAVIGER_ARTEFACTS ?? new URL('../../target/e2e', import.meta.url).pathname;
const SLOWER = Number(process.env.CLAVIGER_SLOWER ?? 1);
// Only what hangs ends this way: a busy machine takes its time.
const PATIENCE_MS = 90_000 * Math.max(1, SLOWER / 4);
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  // The usual 64 MB of shared memory in a container are too few for large screenshots.
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launch() {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS, timeout: PATIENCE_MS });
}

/** A page in a profile of its own; `faults` must stay empty, which `close` asserts. */
export async function openPage(browser, server, { size = { width: 1280, height: 800 }, locale = 'en', dark = false, scale = 1 } = {}) {
  const context = await browser.newContext({
    baseURL: server.origin,
    viewport: size,
    locale,
    deviceScaleFactor: scale,
    permissions: ['clipboard-read', 'clipboard-write'],
    colorScheme: dark ? 'dark' : 'light',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`CSP ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  const page = await context.newPage();
  await slowDown(page, SLOWER);
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is part of some tests; what the page makes of it is asserted there.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
  return {
    page,
    context,
    faults,
    async close() {
      await context.close();
      assert.deepEqual(faults, [], 'the page reported faults');
    },
  };
}

const debuggers = new WeakMap();

/** Gives the page a part of its processor: what is only right on a fast machine is found on a slow one. */
async function slowDown(page, rate) {
  if (SLOWER <= 1) return;
  if (!debuggers.has(page)) debuggers.set(page, await page.context().newCDPSession(page));
  await debuggers.get(page).send('Emulation.setCPUThrottlingRate', { rate });
}

/** Signs in through the form, as the owner made by first run. */
export async function signIn(page, { email = OWNER.email, password = OWNER.password } = {}) {
  await page.goto('/');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

/** Takes up a session, of the owner unless told otherwise, without the form, whose password check costs a second. */
export async function takeSession(page, server, cookie = server.cookie) {
  const [name, value] = cookie.split('=');
  // `https:` because the cookie is `Secure`, which browsers also send to localhost.
  await page.context().addCookies([{ name, value, url: server.origin.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Strict' }]);
}

/** A platform authenticator in software, so that passkeys work without a hand on a sensor. */
export async function virtualPasskey(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  return session.send('WebAuthn.addVirtualAuthenticator', { options });
}

const EVERYTHING = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
// What the other colour scheme can change.
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Runs axe on the page as it stands, and keeps screenshots in light and dark. */
export async function look(page, name) {
  await shoot(page, name, 'light');
  await accessible(page, `${name} (light)`);
  await shoot(page, name, 'dark');
  await accessible(page, `${name} (dark)`, COLOURS);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

export async function shoot(page, name, colorScheme) {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await settled(page);
  await page.screenshot({ path: join(ARTEFACTS, `${name}-${colorScheme}.png`) });
}

/** WCAG 2.2 AA as far as axe can judge it. */
export async function accessible(page, name, runOnly = EVERYTHING) {
  const present = await page.evaluate(() => 'axe' in globalThis);
  // An expression of the debugger, which the page's policy does not bind.
  if (!present) await page.evaluate(await readFile(AXE, 'utf8'));
  // Axe takes minutes on a slow page, and finds the same.
  await slowDown(page, 1);
  const found = await page.evaluate(async (runOnly) => {
    const { violations } = await globalThis.axe.run(document, { runOnly });
    return violations.map(({ id, help, nodes }) => `${id}: ${help} — ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  }, runOnly);
  await slowDown(page, SLOWER);
  assert.deepEqual(found, [], `axe on ${name}`);
}

/** No list is waiting for its rows, and no request that the page made has been under way for a moment. */
export async function loaded(page) {
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]') && performance.now() - (performance.getEntriesByType('resource').at(-1)?.responseEnd ?? 0) > 100);
}

/** A page that is told of changes from now on: its event stream is open, and what it looked up before is looked up again. */
export async function listening(page, address) {
  const opened = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/v1/events');
  await page.goto(address);
  await opened;
  await loaded(page);
}

/** Waits for a message at the foot of the page and keeps it there: its time stands still while the pointer is on it. */
export async function told(page, text) {
  await page.locator('.toast').filter({ hasText: text }).last().hover();
}

/** Waits until the clipboard holds this: it is written after the click. */
export async function copied(page, text) {
  await page.waitForFunction(async (wanted) => (await navigator.clipboard.readText()) === wanted, text);
}

/** Saves by a click, and waits for the server's answer instead of words that may stand there from the last time. */
export async function saved(page, click) {
  const [answer] = await Promise.all([page.waitForResponse((one) => ['PATCH', 'PUT', 'POST'].includes(one.request().method())), click()]);
  assert.ok(answer.ok(), `${answer.url()} answered ${answer.status()}`);
}

async function settled(page) {
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running'));
}

/** The lines of a file that a click downloads. */
export async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

/** Gives a file to the chooser that a click opens. */
export async function chooseFile(page, click, name, text, mimeType = 'text/csv') {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), click()]);
  await chooser.setFiles({ name, mimeType, buffer: Buffer.from(text) });
}
