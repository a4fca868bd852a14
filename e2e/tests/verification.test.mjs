// Where codes are verified for others: RADIUS clients whose secret is shown once, and the address for clients of privacyIDEA.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copied, look } from '../lib/browser.mjs';
import { colleague } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

const on = stage();
const clients = async () => (await on.server.api('GET', '/radius-clients')).items;
const choose = async (page, name, entry) => {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
};

test('a RADIUS client is added and its secret is shown once', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/verification');
    await page.getByText('No RADIUS clients').waitFor();
    await page.getByText('--radius-listen').waitFor();
    await look(page, 'verification-empty');
    await page.getByRole('button', { name: 'Add RADIUS client' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('VPN gateway');
    await dialog.getByLabel('Address or network').fill('10.1.2.300');
    await dialog.getByRole('button', { name: 'Add client' }).click();
    await dialog.getByText(/an address or a network is wanted/).first().waitFor();
    await look(page, 'radius-wrong');
    await dialog.getByLabel('Address or network').fill('10.1.2.3');
    await dialog.getByRole('button', { name: 'Add client' }).click();
    const secret = await dialog.locator('code').textContent();
    assert.match(secret, /^[0-9a-f]{48}$/);
    await dialog.getByRole('button', { name: /^Copy/ }).click();
    await copied(page, secret);
    await look(page, 'radius-secret');
    await dialog.locator('.dialog-foot').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('rowheader', { name: 'VPN gateway' }).waitFor();
    assert.ok(!(await page.content()).includes(secret), 'the secret is nowhere on the page');
    assert.equal(JSON.stringify(await clients()).includes(secret), false);
    await look(page, 'verification-clients');
  });
});

test('a client moves, and gets a secret that somebody typed', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/verification');
    await choose(page, 'VPN gateway', 'Edit');
    await page.getByRole('dialog').getByLabel('Address or network').fill('10.1.2.0/28');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: '10.1.2.0/28' }).waitFor();
    const before = (await clients())[0];
    await choose(page, 'VPN gateway', 'Replace secret');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Type the one that the appliance has').check();
    await dialog.getByLabel('Secret of the appliance').fill('what the gateway made itself');
    await look(page, 'radius-rotate');
    await dialog.getByRole('button', { name: 'Replace secret' }).click();
    await dialog.waitFor({ state: 'detached' });
    const after = (await clients())[0];
    assert.equal(after.network, '10.1.2.0/28');
    assert.notEqual(after.rotated_at, before.rotated_at);
    assert.ok(!(await page.content()).includes('what the gateway made itself'));
  });
});

test('clients of privacyIDEA are let in by their networks, at an address to copy', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/verification');
    const card = page.getByRole('region', { name: 'In the place of privacyIDEA' });
    await card.getByRole('switch').check();
    await card.getByLabel('Networks that are answered').fill('10.1.0.0/16\n10.2.3.4/99');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByText(/^10\.2\.3\.4\/99: an address or a network is wanted/).waitFor();
    await look(page, 'compatible-wrong');
    await card.getByLabel('Networks that are answered').fill('10.1.0.0/16\n10.2.3.4');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByText('On', { exact: true }).waitFor();
    const { verification } = await on.server.api('GET', '/settings');
    assert.deepEqual([verification.compatible, verification.compatible_networks], [true, ['10.1.0.0/16', '10.2.3.4']]);
    await card.getByRole('button', { name: /^Copy/ }).click();
    await copied(page, verification.compatible_url);
    await look(page, 'compatible-on');
  });
});

test('who may only read sees no way to change anything', async () => {
  const cookie = await colleague(on.server, 'auditor');
  await on.onPage(
    async (page) => {
      await page.goto('/settings/verification');
      await page.getByRole('rowheader', { name: 'VPN gateway' }).waitFor();
      await page.getByLabel('Networks that are answered').waitFor();
      for (const name of ['Add RADIUS client', 'Actions for VPN gateway', 'Save']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
      await look(page, 'verification-read-only');
    },
    { as: cookie },
  );
});

test('a client is removed only after a question', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/verification');
    await choose(page, 'VPN gateway', 'Remove');
    await look(page, 'radius-remove');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No RADIUS clients').waitFor();
    assert.deepEqual(await clients(), []);
  });
});
