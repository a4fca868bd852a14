// An OpenID Connect provider that others wrote, with its own pages for signing in; anybody's password is right there.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

export const CLIENT = { client_id: 'claviger', client_secret: 'kept between the two of them' };

/** Takes a port for the provider; `open` makes it answer once the client's redirect URI is known. */
export async function providerOf(people) {
  const http = createServer();
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${http.address().port}`;
  return {
    issuer,
    open(redirectUri) {
      const provider = new Provider(issuer, {
        clients: [{ ...CLIENT, redirect_uris: [redirectUri], grant_types: ['authorization_code'], response_types: ['code'] }],
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'], groups: ['groups'] },
        findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, email_verified: true, ...people[sub] }) }),
        cookies: { keys: ['a key of this test'] },
        pkce: { required: () => true },
      });
      http.on('request', provider.callback());
    },
    close() {
      http.closeAllConnections();
      return new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Goes through the provider's own pages. */
export async function signInAtProvider(page, name) {
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('whatever');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
}
