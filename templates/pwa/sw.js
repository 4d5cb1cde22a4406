{#- Needs build (a version), precache (hashed addresses under /static/), kits (of each: its page, and what that needs) and offline_url.
Personal pages are never kept. Kept are the offline page, static files, and two kits of pages that hold nobody's name: `kept`, when a
card is kept on this phone, whose cache also has the card; `verify`, once /xac-minh was open. -#}
var C = 'static-' + {{ build|tojson }}, OFF = {{ offline_url|default('/ngoai-tuyen')|tojson }}, KITS = {{ kits|tojson }};
var USE = /^\/ca-nhan\/(gia-dinh\/[^\/]+\/)?the-bhyt\/su-dung$/, LIST = '/the-da-luu/the.json';
// Pages call their language en-GB or zh-Hans; an address knows it by its first two letters.
function inLanguage(page, lang) { return fetch(page + '?lang=' + lang.slice(0, 2), { credentials: 'omit' }); }
function fill(name, lang) {
  return caches.open(name).then(function (c) {
    var page = KITS[name].page;
    // The large reader of codes only where the browser has none of its own.
    var needs = KITS[name].needs.filter(function (path) { return !('BarcodeDetector' in self && /jsQR/.test(path)); });
    // The page last: whatever fails before it, the one of before and what that needs are still there.
    return c.addAll(needs).then(function () { return inLanguage(page, lang); }).then(function (a) {
      if (!a.ok) throw 0;
      return c.put(page, a);
    }).then(function () { return c.put('/lang', new Response(lang)); });
  });
}
// Pages that were kept as they stood ask for what the build before needed.
function unpicture() {
  return caches.open('kept').then(function (c) {
    return c.keys().then(function (all) {
      return Promise.all(all.map(function (r) { return /\/the-da-luu\/ban\//.test(r.url) && c.delete(r); }));
    });
  });
}
// The notice board (vssid/notices/board), for the page that is shown without network.
var BOARD = '/thong-bao/bang.json', asked = 0;
function board() {
  // A worker that was stopped in between asks once more than it must.
  if (Date.now() - asked < 10 * 60 * 1000) return;
  asked = Date.now();
  return fetch(BOARD, { credentials: 'omit' }).then(function (a) {
    return a.ok && caches.open(C).then(function (c) { return c.put(BOARD, a); });
  }).catch(function () {});
}
// A new build, or another language: what the kits need has new addresses, and their pages other words.
function refill(lang) {
  return Promise.all(Object.keys(KITS).map(function (name) {
    return caches.has(name).then(function (has) {
      return has && caches.open(name).then(function (c) { return c.match('/lang'); }).then(function (a) {
        return a && a.text().then(function (known) { return fill(name, lang || known); }).then(name === 'kept' ? unpicture : null);
      });
    });
  }));
}
function speak(lang) {
  return caches.open(C).then(function (c) {
    return c.match('/lang').then(function (a) { return a ? a.text() : ''; }).then(function (known) {
      if (known === lang) return null;
      return inLanguage(OFF, lang).then(function (a) { return a.ok && c.put(OFF, a); })
        .then(function () { return refill(lang); }).then(function () { return c.put('/lang', new Response(lang)); });
    });
  });
}
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
  }).then(board).then(function () { return refill().catch(function () {}); }));
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
self.addEventListener('message', function (e) {
  if (e.data && e.data.speak) e.waitUntil(speak(e.data.speak).catch(function () {}));
  if (!e.data || !KITS[e.data.kit]) return;
  e.waitUntil(fill(e.data.kit, e.data.lang).then(function () { return true; }, function () { return false; }).then(function (done) {
    if (e.ports[0]) e.ports[0].postMessage(done);
  }));
});
// The page of the cards that are kept here: opened at once where it is clear whose is meant, else with the names to choose from.
// At /ca-nhan that is whoever the server last showed a card there (js/kept.js), for one phone may be of several people.
function kept(path) {
  return caches.has('kept').then(function (has) {
    return has && caches.open('kept').then(function (c) {
      return Promise.all([LIST, '/the-da-luu/nguoi'].map(function (path) { return c.match(path); })).then(function (found) {
        return Promise.all([found[0] ? found[0].json() : [], found[1] ? found[1].text() : '']);
      }).then(function (found) {
        var mine = found[0].filter(function (one) { return path === '/the-da-luu' || path === one.goc + '/the-bhyt/su-dung'; });
        if (!mine.length) return null;
        if (!path.indexOf('/ca-nhan/the-bhyt')) mine = mine.filter(function (one) { return one.ma === found[1]; });
        return c.match('/the-da-luu/ban/' + (mine.length === 1 ? mine[0].ma : '')).then(function (a) { return a || c.match(KITS.kept.page); });
      });
    });
  });
}
// The server's answer, or after a while, without network, and where the server is ill, what was kept of it.
function fresh(r, path, e) {
  var late = new Promise(function (done) { setTimeout(done, 2500); });
  function own() {
    return caches.match(path).then(function (hit) {
      if (!hit) return Response.error();
      var headers = new Headers(hit.headers);
      headers.set('X-Kept', '1');
      return hit.text().then(function (text) { return new Response(text, { headers: headers }); });
    });
  }
  return Promise.race([fetch(r), late]).then(function (a) {
    if (!a || a.status >= 500) return own();
    var copy = a.clone();
    if (a.ok) e.waitUntil(caches.open('verify').then(function (c) { return c.put(path, copy); }));
    return a;
  }, own);
}
// At the card's own address the server answers whoever is signed in; without network, in a slow one and where it would
// ask to sign in, what is kept does.
function use(r, own) {
  var late = new Promise(function (done) { setTimeout(done, 2500); });
  return Promise.race([fetch(r), late]).then(function (a) {
    return a && a.type !== 'opaqueredirect' && a.status < 500 ? a : own;
  }, function () { return own; });
}
function page(r, path) {
  return fetch(r).catch(function () {
    return caches.match(path === '/xac-minh' ? path : OFF, { ignoreSearch: true }).then(function (a) { return a || caches.match(OFF); });
  });
}
self.addEventListener('fetch', function (e) {
  var r = e.request, u = new URL(r.url), path = u.pathname;
  if (u.origin !== location.origin) return;
  // Of our own pages only: another site's form must not empty this phone.
  var ours = r.referrer && new URL(r.referrer).origin === location.origin;
  if (ours && r.method === 'POST' && /^\/dang-xuat(\/xoa)?$/.test(path)) e.waitUntil(caches.delete('kept'));
  if (r.method !== 'GET') return;
  if (r.mode === 'navigate') {
    e.waitUntil(board());
    e.respondWith(!USE.test(path) && path !== '/the-da-luu' ? page(r, path) : kept(path).then(function (own) {
      return !own ? page(r, path) : path === '/the-da-luu' ? own : use(r, own);
    }));
  } else if (!path.indexOf('/the-da-luu/')) {
    e.respondWith(caches.match(r).then(function (hit) { return hit || Response.error(); }));
  } else if (path === '/xac-minh/khoa.json' || path === '/xac-minh/thu-hoi.json') {
    e.respondWith(fresh(r, path, e));
  } else if (!path.indexOf('/static/')) {
    e.respondWith(caches.match(r).then(function (hit) {
      return hit || fetch(r).then(function (a) {
        var copy = a.clone();
        if (a.ok) e.waitUntil(caches.open(C).then(function (c) { return c.put(r, copy); }));
        return a;
      });
    }));
  }
});
