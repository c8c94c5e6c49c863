// A script of its own, in the head and not deferred: the first paint already has the right colours, and no inline script
// needs to be allowed.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('tidegate.theme') ?? 'system';
  } catch {
    // Storage may be switched off; the system's choice then holds.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mode = dark ? 'dark' : 'light';
})();
