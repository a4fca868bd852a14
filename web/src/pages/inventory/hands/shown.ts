/** How long a secret may stand on a screen. */
const LONGEST = 30;

/** Seconds until it is masked: what the server says, at most half a minute, whatever the two clocks make of it. */
export function secondsLeft(expiresAt: string, now: number): number {
  const seconds = (Date.parse(expiresAt) - now) / 1000;
  return Number.isFinite(seconds) && seconds > 1 ? Math.min(seconds, LONGEST) : LONGEST;
}
