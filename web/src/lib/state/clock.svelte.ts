/** Now, to the half minute: relative times on the page stay true without a timer each. */
class Clock {
  now = $state(Date.now());
  constructor() { setInterval(() => { this.now = Date.now(); }, 30_000); }
}
export const clock = new Clock();
