// Runs before the first paint so that a dark desk never flashes white.
;(function () {
  var saved = {}
  try {
    saved = JSON.parse(localStorage.getItem('quantdeck.preferences') || '{}') || {}
  } catch {
    saved = {}
  }
  var dark =
    saved.theme === 'dark' ||
    (saved.theme !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
  document.documentElement.dataset.pair = saved.pair || 'green-red'
})()
