/** Row height: 36 px, or 28 px for those who want more on the screen. */
const KEY = 'claviger.density';

class Density {
  compact = $state(localStorage.getItem(KEY) === 'compact');
  constructor() { this.#apply(); }
  toggle(): void {
    this.compact = !this.compact;
    localStorage.setItem(KEY, this.compact ? 'compact' : 'normal');
    this.#apply();
  }
  #apply(): void { document.documentElement.dataset.density = this.compact ? 'compact' : 'normal'; }
}
export const density = new Density();
