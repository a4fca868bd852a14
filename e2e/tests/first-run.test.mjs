// From the one-time link to a session, with a passkey; then out, and in again with the same passkey.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, look, openPage, virtualPasskey } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the first-run link makes the owner with a passkey, which signs in again', async () => {
  const { page, close } = await openPage(browser, server);
  const { authenticatorId } = await virtualPasskey(page);
  assert.ok(authenticatorId);
  await page.goto(server.link);
  await look(page, 'first-run');
  await page.getByLabel('Name of the tenant').fill('Acme');
  await page.getByLabel('Your name').fill('Eva Pálová');
  await page.getByLabel('E-mail').fill('eva.palova@example.test');
  await page.getByRole('button', { name: 'Finish with a passkey' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();

  await page.getByRole('button', { name: 'Account of Eva Pálová' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
  await look(page, 'sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await close();
});

test('the link works once, and says so instead of asking for anything', async () => {
  const { page, close } = await openPage(browser, server);
  await page.goto(server.link);
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  assert.equal(await page.getByRole('textbox').count(), 0, 'no form for a link that is spent');
  await look(page, 'set-up-refused');
  await page.getByRole('link', { name: 'Go to sign-in' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.equal(await page.evaluate(async () => (await fetch('/api/v1/session')).status), 401);
  await close();
});
