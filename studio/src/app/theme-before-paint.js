// Runs before the first paint, as a blocking script of its own: the content policy allows no inline script, and a
// module would run too late and flash the wrong theme.
try {
  const wish = localStorage.getItem('backlot.theme')
  const light = wish === 'light' || (wish === 'system' && matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = light ? 'light' : 'dark'
} catch {
  // Storage may be forbidden; dark is the default.
}
