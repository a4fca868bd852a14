// The mail server: set up, proven by a message that arrives, its refusal in words, its password never shown.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { look, saved } from '../lib/browser.mjs';
import { startMail } from '../lib/mail.mjs';
import { stage } from '../lib/stage.mjs';

const on = stage();
let mail;
before(async () => {
  mail = await startMail();
});
after(() => mail?.stop());

test('a mail server is set up and a test message arrives', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/mail');
    await page.getByText('Not set up', { exact: true }).waitFor();
    await look(page, 'mail-empty');
    await page.getByLabel('Server', { exact: true }).fill('127.0.0.1');
    await page.getByLabel('Encryption').selectOption('none');
    await page.getByText('Passwords and messages travel readable.').waitFor();
    assert.equal(await page.getByLabel('Port').inputValue(), '25', 'the usual port goes with the encryption');
    await page.getByLabel('Port').fill(String(mail.port));
    await page.getByLabel("Sender's address").fill('klice@example.test');
    await page.getByLabel("Sender's name").fill('Správa klíčů');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Set up', { exact: true }).waitFor();
    await page.getByLabel('Send to').fill('eva.palova@example.test');
    await page.getByRole('button', { name: 'Send test message' }).click();
    await page.getByText('The mail server took the message to eva.palova@example.test.').waitFor();
    await look(page, 'mail-tested');
    const letter = mail.letters.at(-1);
    assert.deepEqual(letter.from, [['Správa klíčů', 'klice@example.test']]);
    assert.deepEqual(letter.rcpt_tos, ['eva.palova@example.test']);
    assert.deepEqual(letter.defects, []);
  });
});

test('what the mail server refuses is told in its own words', async () => {
  await mail.behave({ rcpt: '550 5.1.1 No such person here' });
  await on.onPage(async (page) => {
    await page.goto('/settings/mail');
    await page.getByRole('button', { name: 'Send test message' }).click();
    await page.getByRole('alert').getByText(/No such person here/).waitFor();
    await look(page, 'mail-refused');
  });
  await mail.behave({ rcpt: null });
});

test('a password goes in and never comes out', async () => {
  await mail.behave({ password: 'pa$$ of the mail server' });
  await on.onPage(async (page) => {
    await page.goto('/settings/mail');
    await page.getByLabel('User name').fill('claviger');
    await page.getByLabel('Password').fill('pa$$ of the mail server');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Kept, and never shown.').waitFor();
    assert.equal(await page.getByLabel('Password').inputValue(), '');
    assert.ok(!(await page.content()).includes('pa$$ of the'), 'the password is nowhere on the page');
    assert.equal(JSON.stringify(await on.server.api('GET', '/settings')).includes('pa$$'), false);
    await page.getByRole('button', { name: 'Send test message' }).click();
    await page.getByText(/The mail server took the message/).waitFor();
    assert.equal(mail.letters.at(-1).user, 'claviger');
    await page.getByLabel("Sender's name").fill('Keys');
    await saved(page, () => page.getByRole('button', { name: 'Save' }).click());
    assert.equal((await on.server.api('GET', '/settings')).mail.password_set, true, 'an empty field keeps the password');
  });
});

test('the mail server is removed only after a question', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/mail');
    await page.getByRole('button', { name: 'Remove mail server' }).click();
    await look(page, 'mail-remove');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove mail server' }).click();
    await page.getByText('Not set up', { exact: true }).waitFor();
    assert.equal((await on.server.api('GET', '/settings')).mail ?? null, null);
  });
});
