{#- Needs build (a version), precache (hashed addresses under /static/) and offline_url. Pages are never kept: they are
personal. Only the offline page, as a visitor gets it, and static files are; the old build's cache goes when the new worker takes over. -#}
var C = 'static-' + {{ build|tojson }}, OFF = {{ offline_url|default('/ngoai-tuyen')|tojson }};
// A new build waits until somebody takes it (js/update.js): a page that is being read or filled in is left alone. The first
// worker of a browser waits for nobody. SINCE holds when the first of those that wait came: many releases do not prolong it.
var SINCE = '/sw.js?since', LONGEST = 24 * 60 * 60 * 1000;
self.addEventListener('install', function (e) {
  e.waitUntil(caches.open(C).then(function (c) {
    return c.addAll([new Request(OFF, { credentials: 'omit' })].concat({{ precache|list|tojson }})).then(function () {
      return caches.match(SINCE);
    }).then(function (before) {
      return c.put(SINCE, before || new Response(String(Date.now())));
    });
  }));
});
self.addEventListener('message', function (e) {
  if (e.data === 'take-over') e.waitUntil(self.skipWaiting());
  // Asked by each page that finds this worker waiting: no mended fault may be put off for ever. Both times are this phone's,
  // so that a wrong clock does no harm; one that was put back counts as late.
  if (e.data === 'late?') e.waitUntil(caches.open(C).then(function (c) { return c.match(SINCE); }).then(function (a) {
    return a ? a.text() : 0;
  }).then(function (since) {
    var waited = Date.now() - since;
    return (waited < 0 || waited > LONGEST) && self.skipWaiting();
  }));
});
self.addEventListener('activate', function (e) {
  e.waitUntil(caches.keys().then(function (ks) {
    return Promise.all(ks.map(function (k) { return /^static-/.test(k) && k !== C && caches.delete(k); }));
  }).then(function () {
    return caches.open(C).then(function (c) { return c.delete(SINCE); });
  }).then(function () { return self.clients.claim(); }));
});
self.addEventListener('fetch', function (e) {
  var r = e.request, u = new URL(r.url);
  if (r.method !== 'GET' || u.origin !== location.origin) return;
  if (r.mode === 'navigate') {
    e.respondWith(fetch(r).catch(function () { return caches.match(OFF); }));
  } else if (!u.pathname.indexOf('/static/')) {
    e.respondWith(caches.match(r).then(function (hit) {
      return hit || fetch(r).then(function (a) {
        var copy = a.clone();
        if (a.ok) e.waitUntil(caches.open(C).then(function (c) { return c.put(r, copy); }));
        return a;
      });
    }));
  }
});
