/** What is typed of a token added by hand, and what of it is sent. */
import type { OtpTokenDraft } from '$lib/api/otp';

export interface Typed {
  way: 'seed' | 'uri'; serial: string; type: 'hotp' | 'totp'; algorithm: 'sha1' | 'sha256' | 'sha512'; digits: number; step: number; counter: number;
  seed: string; encoding: '' | 'base32' | 'hex'; uri: string; manufacturer: string; model: string;
}
export const blank = (): Typed => ({ way: 'seed', serial: '', type: 'totp', algorithm: 'sha1', digits: 6, step: 30, counter: 0, seed: '', encoding: '', uri: '', manufacturer: '', model: '' });

export function draftOf(typed: Typed): OtpTokenDraft {
  const common = {
    serial_number: typed.serial.trim(),
    ...(typed.manufacturer.trim() && { manufacturer: typed.manufacturer.trim() }), ...(typed.model.trim() && { model: typed.model.trim() }),
  };
  if (typed.way === 'uri') return { ...common, otpauth_uri: typed.uri.trim() };
  return {
    ...common, type: typed.type, algorithm: typed.algorithm, digits: typed.digits, seed: typed.seed.trim(), ...(typed.encoding && { encoding: typed.encoding }),
    ...(typed.type === 'totp' ? { time_step: typed.step } : { counter: typed.counter }),
  };
}
