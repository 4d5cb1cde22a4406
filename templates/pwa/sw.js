{#- Needs build (a version), precache (hashed addresses under /static/) and offline_url. Pages are never kept: they are
personal. Only the offline page, as a visitor gets it, and static files are; the old build's cache goes when the new worker takes over. -#}
var C = 'static-' + {{ build|tojson }}, OFF = {{ offline_url|default('/ngoai-tuyen')|tojson }};
self.addEventListener('install', function (e) {
  self.skipWaiting();
  e.waitUntil(caches.open(C).then(function (c) { return c.addAll([new Request(OFF, { credentials: 'omit' })].concat({{ precache|list|tojson }})); }));
});
self.addEventListener('activate', function (e) {
  e.waitUntil(caches.keys().then(function (ks) {
    return Promise.all(ks.map(function (k) { return /^static-/.test(k) && k !== C && caches.delete(k); }));
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
