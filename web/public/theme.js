// Runs before the first paint, so that a dark console never flashes white. External because the CSP allows no inline script.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('claviger.theme');
  } catch (_) {
    // Storage may be blocked: the system's preference decides then.
  }
  if (chosen !== 'light' && chosen !== 'dark') {
    chosen = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  document.documentElement.dataset.theme = chosen;
})();
