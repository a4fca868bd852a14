// Revoke with and without a notification: what the mail server got, what the key's page says of it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { handOut, person, stocked } from '../lib/hands.mjs';
import { startMail } from '../lib/mail.mjs';
import { policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

const serial = (index) => `RM${String(index).padStart(6, '0')}`;
let mail;
const on = stage(async (server) => {
  mail = await startMail();
  await server.api('PATCH', '/settings', { revoke_notifies: true, mail: { host: '127.0.0.1', port: mail.port, encryption: 'none', from_address: 'klice@example.test', from_name: 'Správa klíčů' } });
  const standard = await policy(server, 'Standard EU');
  const user = await person(server, 'jiří.novák', { display_name: 'Jiří Novák', email: 'jiri.novak@example.test', locale: 'cs' });
  for (const key of await stocked(server, [0, 1, 2].map(serial), standard.id)) await handOut(server, key, user);
});
after(() => mail?.stop());

async function revoke(page, which, notify) {
  await page.goto(`/inventory?q=${serial(which)}`);
  await choose(page, serial(which), 'Revoke');
  const dialog = page.getByRole('dialog', { name: 'Revoke Device' });
  const toggle = dialog.getByRole('switch', { name: 'Send email notification' });
  await dialog.locator('[role=switch]:checked').waitFor();
  if (!notify) await toggle.uncheck();
  if (which === 1) await look(page, 'revoke-mail');
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
  await rowOf(page, serial(which)).getByText('Revoked').waitFor();
}

test('without the notification no mail leaves; with it the user is told in his language', async () => {
  await on.onPage(async (page) => {
    await revoke(page, 0, false);
    await revoke(page, 1, true);
    await page.getByRole('link', { name: 'SafeNet' }).first().click();
    await page.getByText('The user was notified by mail.').waitFor();
    await look(page, 'key-notified');
    assert.equal(mail.letters.length, 1, 'only the second revocation was told');
    const [letter] = mail.letters;
    assert.deepEqual(letter.to.map(([, address]) => address), ['jiri.novak@example.test']);
    assert.equal(letter.language, 'cs');
    assert.ok(letter.text.includes(serial(1)) && letter.html.includes(serial(1)), 'it says which key');
    assert.ok(!letter.text.includes(serial(0)));
  });
});

test('a mail server that is gone holds no revocation up, and the page says that the mail waits', async () => {
  await mail.behave({ rcpt: '451 4.3.0 Try again later' });
  await on.onPage(async (page) => {
    await revoke(page, 2, true);
    await page.getByRole('link', { name: 'SafeNet' }).first().click();
    await page.getByText('The notification is waiting to be sent.').waitFor();
    await page.getByText(/Try again later/).waitFor();
    await look(page, 'key-mail-waits');
  });
});
