// Many keys at once: handed to one user, suspended and resumed; what a state refuses is told row by row.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, told } from '../lib/browser.mjs';
import { configure, handOut, person, stocked } from '../lib/hands.mjs';
import { policy } from '../lib/server.mjs';
import { rowOf, stage } from '../lib/stage.mjs';

const given = (index) => `BH1${String(index).padStart(5, '0')}`;
const free = (index) => `BH2${String(index).padStart(5, '0')}`;
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  const eva = await person(server, 'eva.schmidt', { display_name: 'Eva Schmidt' });
  await person(server, 'jan.novak', { display_name: 'Jan Novák' });
  const keys = await stocked(server, [0, 1, 2].map(given).concat([0, 1, 2, 3].map(free)), standard.id);
  for (const key of keys.slice(0, 3)) await handOut(server, key, eva);
  for (const key of keys.slice(3)) await configure(server, key);
});
const listed = async (query) => (await on.server.api('GET', `/security-keys?${query}`)).items;
const selectAll = async (page, query, n) => {
  await page.goto(`/inventory?${query}`);
  await page.getByText(`${n} keys`, { exact: true }).first().waitFor();
  await page.getByLabel('Select this page').check();
};
const verb = (page, name) => page.getByRole('toolbar').getByRole('button', { name, exact: true });

test('a selection is handed to one user', async () => {
  await on.onPage(async (page) => {
    await selectAll(page, 'q=BH2', 4);
    await verb(page, 'Assign to a user').click();
    const dialog = page.getByRole('dialog', { name: 'Assign Device' });
    await dialog.getByText('4 devices will be handed to the user that you choose.').waitFor();
    await dialog.getByRole('combobox').fill('novák');
    await dialog.getByRole('option', { name: /jan\.novak/ }).click();
    await look(page, 'assign-many');
    await dialog.getByRole('button', { name: 'Assign device' }).click();
    await page.getByText('4 done, 0 refused.').waitFor();
    await rowOf(page, free(0)).getByText('jan.novak').waitFor();
    assert.deepEqual((await listed('q=BH2')).map((key) => key.user?.user_name), Array(4).fill('jan.novak'));
  });
});

test('a selection is suspended; a key that cannot be says why, and the others are resumed together', async () => {
  await on.onPage(async (page) => {
    await selectAll(page, 'q=BH', 7);
    await verb(page, 'Suspend').click();
    const dialog = page.getByRole('dialog', { name: 'Suspend devices' });
    await dialog.getByText('7 devices cannot be used until they are resumed.').waitFor();
    await look(page, 'suspend-many');
    await dialog.getByRole('button', { name: 'Suspend', exact: true }).click();
    await told(page, '3 done, 4 refused.');
    await rowOf(page, given(0)).getByText('Suspended').waitFor();
    await page.getByRole('button', { name: 'Show results' }).click();
    await page.getByRole('row').filter({ hasText: free(1) }).waitFor();
    assert.equal((await listed('q=BH&status=suspended')).length, 3);

    await selectAll(page, 'q=BH1', 3);
    await verb(page, 'Resume').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByText('3 done, 0 refused.').waitFor();
    assert.equal((await listed('q=BH1&status=enrolled')).length, 3);
  });
});
