// Two people at the same list: what one does, the other sees; nothing jumps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listening, look } from '../lib/browser.mjs';
import { handOut, person, stocked } from '../lib/hands.mjs';
import { policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

let keys;
let eva;
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  eva = await person(server, 'eva.schmidt');
  keys = await stocked(server, Array.from({ length: 6 }, (_, index) => `LV${String(index).padStart(6, '0')}`), standard.id);
  for (const key of keys.slice(0, 4)) await handOut(server, key, eva);
});

test('a change in one window tints the row in the other', async () => {
  await on.onPage(async (one) => {
    await on.onPage(async (other) => {
      for (const page of [one, other]) {
        await listening(page, '/inventory');
        await rowOf(page, 'LV000000').getByText('Enrolled').waitFor();
      }
      const before = await other.getByRole('button', { name: /^Actions for / }).evaluateAll((all) => all.map((button) => button.ariaLabel));
      // A tint lasts two seconds: whoever looks for it only afterwards may be late.
      const tinted = other.evaluate(() => new Promise((seen) => {
        new MutationObserver(() => { if (document.querySelector('tr.fresh')) seen(true); }).observe(document.body, { subtree: true, childList: true, attributes: true });
      }));
      await choose(one, 'LV000000', 'Suspend');
      await rowOf(other, 'LV000000').getByText('Suspended').waitFor();
      assert.ok(await tinted);
      await look(other, 'assigned-live');
      assert.deepEqual(await other.getByRole('button', { name: /^Actions for / }).evaluateAll((all) => all.map((button) => button.ariaLabel)), before, 'no row has moved');
    });
  });
});

test('keys that come into people’s hands wait behind a button', async () => {
  await on.onPage(async (page) => {
    await listening(page, '/inventory');
    await rowOf(page, 'LV000001').waitFor();
    for (const key of keys.slice(4)) await on.server.api('POST', `/security-keys/${key.id}/assign`, { user_id: eva.id });
    const wait = page.getByRole('button', { name: '2 new · show' });
    await wait.waitFor();
    assert.equal(await rowOf(page, 'LV000004').count(), 0, 'nothing jumps');
    await wait.click();
    await rowOf(page, 'LV000004').waitFor();
    await rowOf(page, 'LV000005').waitFor();
  });
});
