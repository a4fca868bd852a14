// Keys in people's hands, made through the endpoints that a workstation will use.
import { deliver } from './server.mjs';

/** A user with an address. */
export const person = (server, user_name, more = {}) =>
  server.api('POST', '/users', { user_name, display_name: more.display_name ?? user_name, email: `${user_name}@example.test`, locale: 'en', ...more });

/** Keys in stock with these serial numbers, as the API shows them. */
export async function stocked(server, serials, policyId, device_name = 'SafeNet eToken Fusion NFC PIV Enterprise') {
  await deliver(server, serials.map((serial_number) => ({ device_name, serial_number })), policyId);
  return Promise.all(serials.map((serial) => keyBySerial(server, serial)));
}

export async function keyBySerial(server, serial) {
  const { items } = await server.api('GET', `/security-keys?q=${serial}`);
  return items.find((key) => key.serial_number === serial);
}

/** Writes the policy and the PINs, as a workstation does; answers the secrets. */
export async function configure(server, key, { admin_pin = false, ...seen } = {}) {
  const path = `/security-keys/${key.id}/configuration`;
  const made = await server.api('POST', path, { serial_seen: key.serial_number, admin_pin, ...seen });
  await server.api('POST', `${path}/${made.generation}/confirm`, { serial_seen: key.serial_number, read_back: 'equal' });
  return made;
}

export const assign = (server, key, user) => server.api('POST', `/security-keys/${key.id}/assign`, { user_id: user.id });
export const enroll = (server, key, identity_provider) => server.api('POST', `/security-keys/${key.id}/enroll`, identity_provider ? { identity_provider } : {});
export const observe = (server, key, ...observations) => server.api('POST', `/security-keys/${key.id}/observations`, { observations });

/** A key configured for a user and registered; without a provider only configured. */
export async function handOut(server, key, user, { provider = 'Entra ID', ...seen } = {}) {
  const secrets = await configure(server, key, seen);
  await assign(server, key, user);
  if (provider !== null) await enroll(server, key, provider);
  return secrets;
}
