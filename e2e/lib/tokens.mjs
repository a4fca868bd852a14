// OTP tokens as their makers describe them, and the codes that they show: HOTP (RFC 4226) over node's own HMAC.
import { createHmac } from 'node:crypto';

/** The code for a moving factor. */
export function hotp(seed, factor, digits = 6, algorithm = 'sha1') {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(factor));
  const mac = createHmac(algorithm, seed).update(counter).digest();
  const at = mac[mac.length - 1] & 0x0f;
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0');
}

/** The code of a clock that is `steps` away from now. */
export const totp = (seed, steps = 0, step = 30) => hotp(seed, Math.floor(Date.now() / 1000 / step) + steps);

/** A seed of twenty bytes that is this serial number's alone. */
export const seedOf = (serial) => createHmac('sha1', 'a seed of these tests').update(serial).digest();

/** A token that counts, or one with a clock, added as by hand and given to a user if there is one. */
export async function token(server, serial, { type = 'hotp', user } = {}) {
  const made = await server.api('POST', '/otp-tokens', { serial_number: serial, type, seed: seedOf(serial).toString('hex'), encoding: 'hex' });
  return user ? server.api('POST', `/otp-tokens/${made.id}/assign`, { user_id: user.id }) : made;
}

/** A token as the API shows it. */
export async function tokenBySerial(server, serial) {
  const { items } = await server.api('GET', `/otp-tokens?q=${serial}`);
  return items.find((one) => one.serial_number === serial);
}
