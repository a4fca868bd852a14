/** Light, dark, or what the system says; `public/theme.js` sets it before the first paint. */
export type Theme = 'light' | 'dark' | 'system';

const KEY = 'claviger.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

class ThemeState {
  wish = $state<Theme>(stored());

  constructor() {
    dark.addEventListener('change', () => this.#apply());
  }

  choose(theme: Theme): void {
    this.wish = theme;
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
    this.#apply();
  }

  toggle(): void {
    this.choose(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  }

  #apply(): void {
    document.documentElement.dataset.theme = this.wish === 'system' ? (dark.matches ? 'dark' : 'light') : this.wish;
  }
}

export const theme = new ThemeState();
