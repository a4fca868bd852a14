// People who are faster than the server, and servers that are slower than people: each answer is held back until the hands are done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person, stocked } from '../lib/hands.mjs';
import { policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  await stocked(server, ['HA000001', 'HA000002'], standard.id);
  for (const name of ['aaron.first', 'zora.last']) await person(server, name);
});

/** Holds back what matches from now on; answers what was held, one by one, and the way to let it go. */
async function holdBack(page, address, { method } = {}) {
  const held = [];
  let arrived = () => {};
  await page.route(address, async (route) => {
    if (method && route.request().method() !== method) return route.fallback();
    await new Promise((go) => { held.push(go); arrived(); });
    return route.continue();
  });
  return {
    /** Resolves once so many requests wait. */
    async waiting(n = 1) {
      while (held.length < n) await new Promise((resolve) => { arrived = resolve; });
    },
    count: () => held.length,
    letGo() { for (const go of held) go(); },
  };
}

test('Enter right behind a name takes the user of that name, not who stood there before', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await rowOf(page, 'HA000001').waitFor();
    await choose(page, 'HA000001', 'Assign to a user');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('option', { name: /^aaron\.first/ }).waitFor();
    const users = await holdBack(page, '**/api/v1/users?**');
    await page.keyboard.type('zora');
    await page.keyboard.press('Enter');
    await users.waiting();
    users.letGo();
    await page.waitForFunction(() => document.querySelector('dialog [role=combobox]').value === 'zora.last');
    await dialog.getByRole('button', { name: 'Assign device' }).click();
    await page.getByText('HA000001 assigned to zora.last.').waitFor();
  });
});

test('a window stays until its order is answered, and an order is given once', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/api-tokens');
    await page.getByRole('button', { name: 'Create API token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('in haste');
    const orders = await holdBack(page, '**/api/v1/api-tokens', { method: 'POST' });
    await page.keyboard.press('Enter');
    await orders.waiting();
    for (const key of ['Enter', 'Escape', 'Escape']) await page.keyboard.press(key);
    assert.ok(await dialog.getByRole('button', { name: 'Cancel' }).isDisabled());
    orders.letGo();
    await dialog.locator('code').waitFor();
    assert.equal(orders.count(), 1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

test('a space at the end of what is sought stays for the next word', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await rowOf(page, 'HA000002').waitFor();
    const search = page.getByRole('searchbox');
    await search.pressSequentially('safenet ');
    await page.waitForURL((url) => url.searchParams.get('q') === 'safenet');
    await search.pressSequentially('etoken');
    await page.waitForURL((url) => url.searchParams.get('q') === 'safenet etoken');
    assert.equal(await search.inputValue(), 'safenet etoken');
  });
});

test('a page that comes late leaves the keyboard to whoever types already', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await rowOf(page, 'HA000002').waitFor();
    const parts = await holdBack(page, /\/assets\/Policies-/);
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await parts.waiting();
    await page.keyboard.press('/');
    await page.keyboard.type('gu');
    parts.letGo();
    await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor();
    await page.keyboard.type('x');
    const search = page.getByRole('combobox', { name: 'Search everything' });
    assert.equal(await search.inputValue(), 'gux');
    assert.equal(new URL(page.url()).pathname, '/policies');
  });
});

test('what changes while the event stream is not open yet is shown, too', async () => {
  await on.onPage(async (page) => {
    const stream = await holdBack(page, '**/api/v1/events');
    await page.goto('/inventory/stocks');
    await rowOf(page, 'HA000002').getByText('Ready').waitFor();
    await stream.waiting();
    const { items } = await on.server.api('GET', '/security-keys?q=HA000002');
    await on.server.api('POST', `/security-keys/${items[0].id}/quarantine`, { reason: 'fell down' });
    stream.letGo();
    await rowOf(page, 'HA000002').getByText('Quarantined').waitFor();
  });
});
