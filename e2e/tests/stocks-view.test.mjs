// View stock and search it: by serial number whole, in part, without its zeros; by policy name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { deliver, policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

const rows = Array.from({ length: 120 }, (_, index) => ({
  device_name: index % 2 ? 'eToken Fusion NFC PIV Enterprise' : 'YubiKey 5C NFC',
  serial_number: `00100000${String(index).padStart(4, '0')}`,
}));
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  await deliver(server, rows.slice(0, 20), standard.id);
  await deliver(server, rows.slice(20));
});

test('the list has the columns of the stock and pages through all keys', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await rowOf(page, '001000000119').waitFor();
    for (const column of ['Device Name', 'Serial Number', 'Version', 'Status', 'Policy', 'Imported Date']) {
      await page.getByRole('columnheader', { name: column }).waitFor();
    }
    await look(page, 'stocks');
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('51–100 of 120').waitFor();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('101–120 of 120').waitFor();
    await page.getByRole('button', { name: 'Previous page' }).click();
    await page.getByText('51–100 of 120').waitFor();
  });
});

for (const [what, q, hits] of [
  ['a whole serial number', '001000000042', 1],
  ['a serial number without its leading zeros', '1000000042', 1],
  ['a serial number with spaces', '0010 0000 0042', 1],
  ['the start of a serial number', '00100000010', 10],
  ['a part of a serial number', '0000042', 1],
  ['a policy name', 'standard eu', 20],
]) {
  test(`search finds ${what}`, async () => {
    await on.onPage(async (page) => {
      await page.goto('/inventory/stocks');
      await page.getByPlaceholder('Serial number or policy').fill(q);
      await page.getByText(hits === 1 ? '1 key' : `${hits} keys`, { exact: true }).first().waitFor();
      const rows = page.getByRole('button', { name: /^Actions for / });
      await rows.nth(hits - 1).waitFor();
      assert.equal(await rows.count(), hits);
      assert.equal(new URL(page.url()).searchParams.get('q'), q, 'the address bar holds the view');
      await page.reload();
      await page.getByText(hits === 1 ? '1 key' : `${hits} keys`, { exact: true }).first().waitFor();
    });
  });
}

test('nothing found says so and offers the way back', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks?q=0042x');
    await page.getByText('Nothing matches “0042x”').waitFor();
    await look(page, 'stocks-no-match');
    await page.getByRole('button', { name: 'Clear search' }).last().click();
    await rowOf(page, '001000000119').waitFor();
  });
});

test('a key goes to quarantine with a reason and comes back', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks?q=001000000060');
    await choose(page, '001000000060', 'Quarantine');
    const dialog = page.getByRole('dialog', { name: 'Quarantine device' });
    assert.ok(await dialog.getByRole('button', { name: 'Quarantine' }).isDisabled(), 'a reason is asked for');
    await dialog.getByLabel('Reason').fill('Seal was broken');
    await dialog.getByRole('button', { name: 'Quarantine' }).click();
    await rowOf(page, '001000000060').getByText('Quarantined').waitFor();
    await choose(page, '001000000060', 'Release');
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await rowOf(page, '001000000060').getByText('In stock').waitFor();
  });
});

test('a change made elsewhere shows without a reload', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks?q=001000000061');
    await rowOf(page, '001000000061').getByText('In stock').waitFor();
    const { items } = await on.server.api('GET', '/security-keys?q=001000000061');
    await on.server.api('POST', `/security-keys/${items[0].id}/quarantine`, { reason: 'Counted twice' });
    await rowOf(page, '001000000061').getByText('Quarantined').waitFor();
  });
});
