// A stolen key that was found comes back: a proven reset, a second person, the next generation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { handOut, keyBySerial, observe, person, stocked } from '../lib/hands.mjs';
import { colleague, policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

const STOLEN = 'RS000001';
const DAMAGED = 'RS000002';
const UNPROVEN = 'RS000003';
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  const eva = await person(server, 'eva.schmidt');
  const keys = await stocked(server, [STOLEN, DAMAGED, UNPROVEN], standard.id);
  for (const [key, reason] of [[keys[0], 'stolen'], [keys[1], 'damaged'], [keys[2], 'stolen']]) {
    await handOut(server, key, eva, { provider: null });
    await server.api('POST', `/security-keys/${key.id}/revoke`, { reason, notify: false });
  }
  for (const key of keys.slice(0, 2)) await observe(server, key, { kind: 'reset_proven' });
});
const windowOf = (page) => page.getByRole('dialog', { name: 'Reinstate device' });

test('a key that has not proved its reset is not offered it', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${UNPROVEN}`);
    await page.getByRole('button', { name: `Actions for ${UNPROVEN}`, exact: true }).click();
    await page.getByRole('menuitem', { name: 'Copy serial number' }).waitFor();
    assert.equal(await page.getByRole('menuitem', { name: 'Reinstate', exact: true }).count(), 0);
  });
});

test('one that was damaged comes back by one person, in the next generation', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${DAMAGED}`);
    await choose(page, DAMAGED, 'Reinstate');
    await windowOf(page).getByText(`serial number ${DAMAGED}, has proved its reset and goes back to stock as generation 2.`).waitFor();
    await look(page, 'reinstate');
    await windowOf(page).getByRole('button', { name: 'Reinstate device' }).click();
    await page.getByText(`${DAMAGED} is back in stock.`).waitFor();
    const key = await keyBySerial(on.server, DAMAGED);
    assert.deepEqual([key.status, key.generation, key.user ?? null], ['in_stock', 2, null]);
  });
});

test('one that was stolen waits for a second person, who reads why', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${STOLEN}`);
    await choose(page, STOLEN, 'Reinstate');
    const verb = windowOf(page).getByRole('button', { name: 'Reinstate device' });
    await windowOf(page).getByText('This key was stolen or compromised: a second person has to agree.').waitFor();
    assert.ok(await verb.isDisabled());
    await windowOf(page).getByLabel('Reason').fill('Found behind the desk, seal unbroken');
    await windowOf(page).getByRole('button', { name: 'Ask a second person' }).click();
    await windowOf(page).getByText('Waiting for a second person').waitFor();
    assert.ok(await verb.isDisabled(), 'asking is not enough');
    await look(page, 'reinstate-waiting');
    await on.onPage(async (other) => {
      await other.goto('/');
      const request = other.getByRole('listitem').filter({ hasText: 'Found behind the desk, seal unbroken' });
      await request.getByText('Bring back a stolen or compromised key').waitFor();
      await request.getByRole('button', { name: 'Approve' }).click();
      await other.getByText('may go on.').waitFor();
    }, { as: await colleague(on.server, 'owner') });
    await windowOf(page).getByText('A second person has agreed.').waitFor();
    await look(page, 'reinstate-agreed');
    await verb.click();
    await page.getByText(`${STOLEN} is back in stock.`).waitFor();
    const key = await keyBySerial(on.server, STOLEN);
    assert.deepEqual([key.status, key.generation], ['in_stock', 2]);
    await page.goto(`/inventory/keys/${key.id}?tab=history`);
    await page.getByText('Key reinstated').waitFor();
    await look(page, 'reinstate-history');
    await page.goto(`/inventory/stocks?q=${STOLEN}`);
    await rowOf(page, STOLEN).getByText('In stock').waitFor();
  });
});
