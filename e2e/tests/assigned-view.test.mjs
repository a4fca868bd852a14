// Configured & Assigned: the summary and the expanded view, search by serial, policy and user, filters, and the export of what is listed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloaded, look } from '../lib/browser.mjs';
import { handOut, configure, observe, person, stocked } from '../lib/hands.mjs';
import { policy } from '../lib/server.mjs';
import { rowOf, stage } from '../lib/stage.mjs';

const AAGUID = 'd821a7d4-e97c-4cb6-bd82-4237731fd4be';
let eva;
let first;
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  const strict = await policy(server, 'Enterprise Finance', { type: 'enterprise' });
  eva = await person(server, 'eva.schmidt', { display_name: 'Eva Schmidt' });
  const jan = await person(server, 'jan.novák', { display_name: 'Jan Novák', email: 'jan@example.test' });
  const keys = await stocked(server, ['0010000001', '0010000002', '0010000003', '0010000004'], standard.id);
  const [enterprise] = await stocked(server, ['0077000001'], strict.id, 'eToken Fusion NFC');
  first = keys[0];
  await handOut(server, keys[0], eva, { firmware: '2.3.1', aaguid: AAGUID });
  await handOut(server, keys[1], jan);
  await configure(server, keys[2]);
  await observe(server, keys[1], { kind: 'pin_state', state: 'blocked', retries: 0 });
  await handOut(server, enterprise, eva, { admin_pin: true });
  await server.api('POST', `/security-keys/${keys[3].id}/revoke`, { reason: 'stolen', notify: false });
});
const count = (page, n) => page.getByText(n === 1 ? '1 key' : `${n} keys`, { exact: true }).first().waitFor();

test('the summary view has the columns of the procedure', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory');
    const row = rowOf(page, '0010000001');
    await row.waitFor();
    for (const column of ['Device', 'Device Mode', 'Policy', 'User Name', 'Status']) await page.getByRole('columnheader', { name: column, exact: true }).waitFor();
    for (const cell of ['SafeNet eToken Fusion NFC PIV Enterprise', 'Unmanaged', 'Standard EU', 'eva.schmidt', 'Enrolled']) await row.getByText(cell, { exact: true }).waitFor();
    await rowOf(page, '0010000002').getByText('Locked').waitFor();
    await rowOf(page, '0010000003').getByText('Configured').waitFor();
    await rowOf(page, '0010000004').getByText('Revoked').waitFor();
    await look(page, 'assigned');
  });
});

test('the expanded view opens by its arrow and by e, and is part of the address', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory?q=0010000001');
    await rowOf(page, '0010000001').waitFor();
    await page.getByRole('button', { name: 'Details of 0010000001' }).click();
    const detail = page.locator('tr.detail');
    for (const [name, value] of [['Serial Number', '0010000001'], ['Version', 'FIDO_2_1'], ['AAGUID', AAGUID], ['Identity Provider', 'Entra ID'], ['Firmware', '2.3.1'], ['Generation', '1']]) {
      const fact = detail.locator('div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).last();
      assert.equal((await fact.locator('dd').innerText()).trim(), value, name);
    }
    for (const name of ['Updated', 'Last seen', 'Batch', 'Policy']) await detail.locator('dt', { hasText: new RegExp(`^${name}$`) }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('open'), first.id);
    await look(page, 'assigned-expanded');
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await detail.waitFor({ state: 'detached' });
    await page.keyboard.press('e');
    await detail.waitFor();
  });
});

for (const [what, q, hits] of [
  ['its serial number', '0010000002', 1],
  ['a part of a serial number', '77000001', 1],
  ['the name of a policy', 'enterprise finance', 1],
  ['the name of a user', 'eva.schmidt', 2],
  ['the start of a user name with another case', 'EVA', 2],
]) {
  test(`search finds keys by ${what}`, async () => {
    await on.onPage(async (page) => {
      await page.goto('/inventory');
      await page.getByPlaceholder('Serial, policy or user').fill(q);
      await count(page, hits);
      assert.equal(await page.getByRole('button', { name: /^Actions for / }).count(), hits);
      assert.equal(new URL(page.url()).searchParams.get('q'), q);
    });
  });
}

test('filters narrow the list and stand in the address bar', async () => {
  await on.onPage(async (page) => {
    for (const [query, hits, chip] of [
      ['status=revoked', 1, 'Status: Revoked'],
      ['mode=managed', 1, 'Device Mode: Managed'],
      ['identity_provider=Entra ID', 3, 'Identity Provider: Entra ID'],
      ['locked=true', 1, 'Locked: Yes'],
      ['drift=true', 0, 'Drift: Yes'],
      [`user=${eva.id}`, 2, 'User Name: eva.schmidt'],
    ]) {
      await page.goto(`/inventory?${query}`);
      await page.getByText(chip).waitFor();
      if (hits > 0) await count(page, hits);
      else await page.getByText('Nothing matches').waitFor();
    }
    await page.goto('/inventory');
    await rowOf(page, '0010000001').waitFor();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'User Name', exact: true }).click();
    await page.getByPlaceholder('Type to narrow').fill('jan');
    await page.getByLabel('jan.novák').check();
    await look(page, 'assigned-filter');
    await page.keyboard.press('Escape');
    await count(page, 1);
    assert.ok(new URL(page.url()).searchParams.get('user'));
  });
});

test('the export holds what the filter shows, with all columns, after a caution', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory?q=eva.schmidt');
    await count(page, 2);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByText(/may contain sensitive information/).waitFor();
    await look(page, 'assigned-export');
    const { name, text } = await downloaded(page, () => page.getByRole('link', { name: 'Download CSV' }).click());
    assert.match(name, /\.csv$/);
    const [head, ...rows] = text.replace(/^\uFEFF/, '').trim().split('\r\n');
    assert.equal(rows.length, 2);
    for (const column of ['deviceName', 'serialNumber', 'version']) assert.ok(head.includes(column), head);
    assert.ok(rows.every((row) => row.includes('eva.schmidt')), text);
    assert.ok(text.includes(AAGUID) && text.includes('Entra ID'));
  });
});
