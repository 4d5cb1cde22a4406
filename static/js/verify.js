/* /xac-minh without network: judges strips (docs/card.md) with the published keys. ES2017, no eval, no inline style, no markup from data. */
(function () {
  'use strict';
  const doc = document;
  const EPOCH = Date.UTC(2020, 0, 1);
  const DAY = 86400000;
  const VIETNAM = 7 * 3600000;
  const STALE = 28;
  const SIGNATURE = 64;
  const HEAD = 44;
  const PREFIX = 'VSSID1:';
  const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
  const DOMAIN = new TextEncoder().encode('vssid card strip 1\0');
  const form = doc.querySelector('[data-verify]');
  const library = doc.querySelector('script[data-library]');
  const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const hex = (array) => Array.from(array, (b) => b.toString(16).padStart(2, '0')).join('');

  // ---- the strip: null for what is none
  function unbase45(text) {
    const found = [];
    for (let at = 0; at < text.length; at += 3) {
      const signs = Array.from(text.slice(at, at + 3), (sign) => BASE45.indexOf(sign));
      const value = signs.reduce((sum, sign, place) => sum + sign * Math.pow(45, place), 0);
      if (signs.length < 2 || signs.includes(-1) || value >= Math.pow(256, signs.length - 1)) return null;
      if (signs.length === 3) found.push(value >> 8);
      found.push(value & 255);
    }
    return Uint8Array.from(found);
  }
  function read(text) {
    if (!text.startsWith(PREFIX) || text.length > 260) return null;
    const both = unbase45(text.slice(PREFIX.length));
    if (!both || both.length < HEAD + SIGNATURE) return null;
    const body = both.subarray(0, both.length - SIGNATURE);
    const at = (offset) => body[offset] * 256 + body[offset + 1];
    const ascii = (from, to) => String.fromCharCode(...body.subarray(from, to).filter((b) => b));
    const area = body[15] >> 4;
    const level = body[15] & 15;
    if (body[0] !== 1 || body[3] & ~7 || body.length !== HEAD + body[43] || area > 3 || level < 1 || level > 5) return null;
    if (!at(18) || !at(39) || !at(41)) return null;
    return {
      body, signature: both.subarray(both.length - SIGNATURE), key: at(1), specimen: Boolean(body[3] & 1), paper: Boolean(body[3] & 2), brief: Boolean(body[3] & 4),
      handle: hex(body.subarray(4, 10)), number: body.subarray(10, 15).reduce((sum, b) => sum * 256 + b, 0).toString().padStart(10, '0'),
      level, area: area ? 'K' + area : '', from: at(18), to: at(20), five: at(22), facility: ascii(24, 29), born: at(29),
      day: at(39), last: at(41), initials: new TextDecoder().decode(body.subarray(HEAD)),
    };
  }
  async function signed(strip, key) {
    const message = new Uint8Array(DOMAIN.length + strip.body.length);
    message.set(DOMAIN);
    message.set(strip.body, DOMAIN.length);
    let own = null;
    try {
      own = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    } catch (ignored) { /* a browser that knows no Ed25519 */ }
    if (own) return crypto.subtle.verify('Ed25519', own, strip.signature, message);
    const noble = await import(library.dataset.library);
    return noble.verifyAsync(strip.signature, message, key, { zip215: false }).catch(() => false);
  }
  // The same answer as vssid/card/strips/rules.py gives.
  function judged(strip, today, revoked) {
    if (revoked) return 'revoked';
    if (today < strip.day) return 'early';
    if (today < strip.from) return 'not_yet';
    if (strip.to && today > strip.to) return 'ended';
    let verdict = null;
    if (strip.paper) verdict = today <= strip.last ? 'paper' : 'old';
    else if (today === strip.day) verdict = 'good';
    else verdict = today <= strip.day + (strip.brief ? 1 : STALE) ? 'stale' : 'old';
    return strip.specimen && verdict !== 'old' ? 'specimen' : verdict;
  }
  window.checkStrip = async (text, keys, revoked, today) => {
    const strip = read(text);
    if (!strip) return { verdict: 'unreadable' };
    const key = keys.find((one) => one.khoa === strip.key);
    if (!key) return { verdict: 'unknown_key' };
    if (key.thu_hoi_ngay || !(await signed(strip, bytes(key.ed25519)))) return { verdict: 'forged' };
    return { verdict: judged(strip, today, revoked.has(strip.handle)), strip };
  };

  if (!form || !window.crypto || !crypto.subtle) return;

  // ---- what is known here: keys, revoked strips, and the server's clock when it was last heard
  let known = null;
  const get = (path, again) => fetch(path, { credentials: 'omit', cache: again ? 'reload' : 'default' }).then(async (answer) => {
    if (!answer.ok) throw new Error(path);
    return { kept: answer.headers.has('X-Kept'), said: await answer.json() };
  });
  async function learn(again) {
    const [keys, gone] = await Promise.all([get('/xac-minh/khoa.json', again), get('/xac-minh/thu-hoi.json', again)]);
    const handles = bytes(gone.said.thu_hoi);
    const revoked = new Set();
    for (let at = 0; at < handles.length; at += 6) revoked.add(hex(handles.subarray(at, at + 6)));
    const at = Date.parse(gone.said.luc);
    // How far this clock is off shows only in an answer that is fresh: up to five minutes old.
    const skew = gone.kept ? Number(localStorage.getItem('verify-skew')) || 0 : at - Date.now();
    if (!gone.kept) localStorage.setItem('verify-skew', skew);
    known = { keys: keys.said.khoa_cong_khai, revoked, at, skew };
    const place = doc.querySelector('[data-freshness]');
    const old = Date.now() + skew - at > STALE * DAY;
    place.textContent = (old ? place.dataset.old : place.dataset.words).replace('{0}', moment(at));
    place.hidden = false;
    place.className = old ? 'error' : 'hint';
  }
  const { lang } = doc.documentElement;
  const DATE = { day: 'numeric', month: lang === 'vi' ? 'numeric' : 'long', year: 'numeric' };
  const moment = (at) => new Intl.DateTimeFormat(lang, Object.assign({ timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, DATE)).format(new Date(at));
  const spelt = (day) => new Intl.DateTimeFormat(lang, Object.assign({ timeZone: 'UTC' }, DATE)).format(new Date(EPOCH + day * DAY));
  // By the server's clock, as far off as it was when it was last heard; never before that.
  const today = () => Math.floor((Math.max(Date.now() + known.skew, known.at) + VIETNAM - EPOCH) / DAY);

  // ---- the result
  const result = doc.querySelector('[data-result]');
  const make = (name, text, className) => {
    const element = doc.createElement(name);
    if (text) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  function facts(strip) {
    const label = (key) => doc.querySelector('[data-label=' + key + ']').textContent;
    const lines = [
      ['initials', strip.initials], ['born', strip.born], ['number', strip.number.replace(/^(..)(....)(....)$/, '$1 $2 $3')],
      ['level', [strip.level, strip.area].filter(Boolean).join(' · ')], ['facility', strip.facility.slice(0, 2) + ' - ' + strip.facility.slice(2)],
      ['from', spelt(strip.from)], ['to', strip.to && spelt(strip.to)], ['five', strip.five && spelt(strip.five)],
      [strip.paper ? 'printed' : 'day', spelt(strip.day)],
    ];
    const list = make('dl', '', 'facts');
    lines.filter(([, value]) => value).forEach(([key, value]) => {
      const line = make('div');
      line.append(make('dt', label(key)), make('dd', String(value)));
      list.append(line);
    });
    return list;
  }
  function show(found) {
    const words = doc.querySelector('[data-verdict=' + found.verdict + ']');
    const box = make('section', '', 'verdict verdict-' + words.dataset.tone);
    const line = make('p');
    line.append(make('strong', words.textContent));
    box.append(line, make('p', words.dataset.advice));
    result.replaceChildren(box);
    if (found.strip) result.append(facts(found.strip));
    // A scanner types where it typed before; whoever reads the screen is told by the role.
    if (doc.activeElement !== input) result.focus({ preventScroll: true });
    result.scrollIntoView({ block: 'nearest' });
    return box;
  }
  async function ask(text, box) {
    const body = new FormData();
    body.append('code', text);
    const answer = await fetch('/xac-minh?lang=' + lang, { method: 'POST', body, headers: { Accept: 'application/json' }, credentials: 'omit' });
    if (answer.status === 429 || answer.status >= 500) return;
    const told = await answer.json();
    // The server knows better than what this browser has: another card, a phone that keeps it no longer, the right day.
    box.className = 'verdict verdict-' + told.mau;
    box.querySelector('strong').textContent = told.loi;
    box.querySelectorAll('p')[1].textContent = told.lam_gi;
    if (told.so_bo) box.append(make('p', told.so_bo));
    // Revoked since the list was fetched: the next one must be known without network too.
    if (told.ket_qua === 'revoked') learn(true).catch(() => {});
  }
  async function check(text) {
    let found = await window.checkStrip(text, known.keys, known.revoked, today());
    if (found.verdict === 'unknown_key' && navigator.onLine) {
      await learn(true).catch(() => {});
      found = await window.checkStrip(text, known.keys, known.revoked, today());
    }
    const box = show(found);
    if (navigator.onLine && found.verdict !== 'unreadable') ask(text, box).catch(() => {});
  }
  // Nothing of the one before may stand beside the next.
  function clear() {
    result.replaceChildren();
    form.parentNode.querySelectorAll('.form-errors').forEach((one) => one.remove());
  }

  const input = form.querySelector('[name=code]');
  const needsNet = doc.querySelector('[data-needs-net]');
  form.addEventListener('submit', async (e) => {
    const text = input.value.trim();
    const strip = text.toUpperCase().startsWith(PREFIX);
    if (strip && known) {
      e.preventDefault();
      clear();
      await check(text);
      input.value = '';
    } else if (!navigator.onLine) {
      e.preventDefault();
      clear();
      result.append(make('p', needsNet.textContent, 'notice notice-warn'));
    }
  });
  // The reader of pictures comes when somebody has one.
  async function readPicture(file) {
    const { scan, reader } = form.querySelector('[data-scan]').dataset;
    if (!window.readPicture) {
      await new Promise((done, failed) => {
        const script = doc.createElement('script');
        script.src = scan;
        script.onload = done;
        script.onerror = failed;
        doc.head.append(script);
      });
    }
    return window.readPicture(file, reader);
  }
  form.querySelector('[name=photo]').addEventListener('change', async (e) => {
    if (!e.target.files.length) return;
    const text = await readPicture(e.target.files[0]).catch(() => null);
    if (text && text.startsWith(PREFIX) && known) {
      clear();
      await check(text);
      e.target.value = '';
    } else if (text) {
      input.value = text;
      form.requestSubmit();
    } else if (navigator.onLine) form.requestSubmit();
  });
  learn().catch(() => {}).then(() => {
    const scanned = decodeURIComponent(location.hash.slice(1));
    if (!scanned.startsWith(PREFIX)) return;
    history.replaceState(null, '', location.pathname);
    input.value = scanned;
    form.requestSubmit();
  });
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.ready.then((found) => { if (found.active) found.active.postMessage({ kit: 'verify', lang: doc.documentElement.lang }); });
  }
}());
