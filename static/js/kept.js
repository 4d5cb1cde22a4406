/* Cards kept on this phone: keeps one when asked to (card/keep.html) and shows them without network (card/kept.html). ES2017, no
   eval, no inline style, no markup from data. What is kept lies in the cache “kept”, which the service worker drops at sign-out. */
(function () {
  'use strict';
  const doc = document;
  const KEPT = 'kept';
  const LIST = '/the-da-luu/the.json';
  const DAY_AT = 39; // where the day stands in a strip (docs/card.md)
  const SIGNATURE = 64;
  const CODE = 7;
  const DAY = 86400000;
  const EPOCH = Date.UTC(2020, 0, 1);
  const VIETNAM = 7 * 3600000;
  const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
  const PIN_ROUNDS = 100000;
  const one = (selector) => doc.querySelector(selector);
  const all = (selector) => Array.from(doc.querySelectorAll(selector));
  // What is wrong with a field, by the name of the words that its place for errors holds; without a name, nothing is.
  function tell(input, name) {
    const place = doc.getElementById(input.id + '-error');
    place.lastElementChild.textContent = name ? place.dataset[name] : '';
    place.hidden = !name;
    if (name) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    return !name;
  }

  // ---- the cache
  const photoOf = (card) => '/the-da-luu/anh/' + card.ma + '.jpg';
  const pictureOf = (card) => '/the-da-luu/ban/' + card.ma;
  async function read() {
    const answer = await (await caches.open(KEPT)).match(LIST);
    return answer ? answer.json() : [];
  }
  async function write(cards) {
    const cache = await caches.open(KEPT);
    if (!cards.length) return caches.delete(KEPT);
    await cache.put(LIST, new Response(JSON.stringify(cards), { headers: { 'Content-Type': 'application/json' } }));
    return true;
  }
  const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const base64 = (array) => btoa(String.fromCharCode.apply(null, array));
  // The card as the server has just sent it, in the place of the one before; what belongs to this phone alone stays.
  async function take(fresh, more) {
    const cache = await caches.open(KEPT);
    const card = Object.assign({}, fresh, more, { lech: Date.parse(fresh.luc) - Date.now() });
    if (fresh.anh) await cache.put(photoOf(card), new Response(bytes(fresh.anh), { headers: { 'Content-Type': 'image/jpeg' } }));
    if (!fresh.anh_dau) await cache.delete(photoOf(card));
    if (card.khoa_man) await cache.delete(pictureOf(card));
    delete card.anh;
    await write((await read()).filter((other) => other.ma !== card.ma).concat(card));
    return card;
  }
  async function drop(card) {
    const cache = await caches.open(KEPT);
    await Promise.all([cache.delete(photoOf(card)), cache.delete(pictureOf(card))]);
    await write((await read()).filter((other) => other.ma !== card.ma));
  }
  function send(path, values) {
    const body = new FormData();
    Object.keys(values).forEach((name) => body.append(name, values[name]));
    return fetch(path, { method: 'POST', body, headers: { Accept: 'application/json' }, credentials: 'same-origin' });
  }

  // ---- the screen lock
  async function locked(pin, salt) {
    const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
    const rule = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt), iterations: PIN_ROUNDS };
    return base64(new Uint8Array(await crypto.subtle.deriveBits(rule, key, 256)));
  }
  async function lockFor(pin) {
    if (!pin) return {};
    const salt = base64(crypto.getRandomValues(new Uint8Array(16)));
    return { muoi: salt, khoa_man: await locked(pin, salt) };
  }

  // ---- strips
  function base45(data) {
    let text = '';
    for (let at = 0; at < data.length; at += 2) {
      const pair = at + 1 < data.length;
      let value = pair ? data[at] * 256 + data[at + 1] : data[at];
      for (let sign = pair ? 3 : 2; sign > 0; sign -= 1) {
        text += BASE45[value % 45];
        value = Math.floor(value / 45);
      }
    }
    return text;
  }
  const dayNumber = (iso) => (Date.parse(iso + 'T00:00:00Z') - EPOCH) / DAY;
  const isoOf = (number) => new Date(EPOCH + number * DAY).toISOString().slice(0, 10);
  // As the server writes days: in figures in Vietnamese, the month by its name elsewhere.
  const { lang } = doc.documentElement;
  const DATE = { day: 'numeric', month: lang === 'vi' ? 'numeric' : 'long', year: 'numeric' };
  const spelt = (iso) => new Intl.DateTimeFormat(lang, Object.assign({ timeZone: 'UTC' }, DATE)).format(new Date(iso + 'T00:00:00Z'));
  const momentOf = (iso) => new Intl.DateTimeFormat(lang, Object.assign({ timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, DATE))
    .format(new Date(iso));
  function stripOf(card, nth) {
    const body = bytes(card.dai);
    const day = dayNumber(card.tu) + nth;
    [DAY_AT, DAY_AT + 2].forEach((at) => { body[at] = day >> 8; body[at + 1] = day & 255; });
    const signature = bytes(card.ky).subarray(nth * SIGNATURE, (nth + 1) * SIGNATURE);
    const both = new Uint8Array(body.length + SIGNATURE);
    both.set(body);
    both.set(signature, body.length);
    return 'VSSID1:' + base45(both);
  }
  function draw(place, text, mode) {
    if (place.dataset.text === text) return;
    const code = window.qrcode(0, 'L');
    code.addData(text, mode);
    code.make();
    const side = code.getModuleCount();
    let path = '';
    for (let y = 0; y < side; y += 1) for (let x = 0; x < side; x += 1) if (code.isDark(y, x)) path += 'M' + (x + 4) + ' ' + (y + 4) + 'h1v1h-1z';
    const make = (name, values) => {
      const element = doc.createElementNS('http://www.w3.org/2000/svg', name);
      Object.keys(values).forEach((key) => element.setAttribute(key, values[key]));
      return element;
    };
    const all_ = side + 8;
    const svg = make('svg', { class: 'qr', viewBox: '0 0 ' + all_ + ' ' + all_, role: 'img', 'aria-label': place.dataset.title, 'shape-rendering': 'crispEdges' });
    svg.append(make('path', { fill: '#fff', d: 'M0 0h' + all_ + 'v' + all_ + 'H0z' }), make('path', { fill: '#000', d: path }));
    place.dataset.text = text;
    place.replaceChildren(svg);
  }
  // The page as it stands opens the next time before any script runs; a locked card is never kept open like that.
  async function picture(card) {
    const cache = await caches.open(KEPT);
    if (card.khoa_man) return cache.delete(pictureOf(card));
    const page = await cache.match('/the-da-luu');
    if (!page) return false;
    const headers = new Headers(page.headers);
    ['Content-Encoding', 'Content-Length'].forEach((name) => headers.delete(name));
    return cache.put(pictureOf(card), new Response('<!doctype html>' + doc.documentElement.outerHTML, { headers }));
  }

  // ---- the page of kept cards
  let shift = 0; // days that the reader has moved by hand
  const fill = (name, text) => all('[data-fill=' + name + ']').forEach((el) => { el.textContent = text; });
  const worded = (name, which, value) => fill(name, one('[data-fill=' + name + ']').dataset[which].replace('{0}', value));
  const days = (card) => bytes(card.ky).length / SIGNATURE;
  // By the server's clock as it was at the last contact; never before that day, whatever this phone's clock says.
  function todayOf(card) {
    const now = Date.now() + (card.lech || 0) + VIETNAM;
    return Math.max(Math.floor((now - EPOCH) / DAY), dayNumber(card.tu)) + shift;
  }
  function say(words) {
    if (!one('[data-says]')) return;
    one('[data-says]').textContent = words;
    one('[data-says]').hidden = !words;
  }
  function show(card) {
    const today = todayOf(card);
    const nth = Math.min(Math.max(today - dayNumber(card.tu), 0), days(card) - 1);
    const day = isoOf(dayNumber(card.tu) + nth);
    draw(one('[data-fill=strip]'), stripOf(card, nth), 'Alphanumeric');
    draw(one('[data-fill=standard]'), card.chuan);
    worded('day', 'words', spelt(day));
    const code = card.so.substr(nth * CODE, CODE);
    fill('code', code.slice(0, 3) + ' ' + code.slice(3));
    fill('name', card.ten);
    fill('number', card.so_the);
    worded('updated', 'words', momentOf(card.luc));
    if (today < dayNumber(card.tu_ngay)) worded('valid', 'early', spelt(card.tu_ngay));
    else if (!card.den_ngay) worded('valid', 'open', '');
    else worded('valid', today > dayNumber(card.den_ngay) ? 'ended' : 'words', spelt(card.den_ngay));
    const lines = one('[data-fill=lines]');
    const sign = lines.dataset.words.slice(3, -3);
    lines.replaceChildren(...card.dong.map(([label, value]) => {
      const line = doc.createElement('p');
      const strong = doc.createElement('strong');
      line.className = 'plainly';
      strong.textContent = label;
      line.append(strong, sign + value);
      return line;
    }));
    one('[data-fill=counter]').replaceChildren(...card.quay.map((words) => {
      const line = doc.createElement('p');
      line.textContent = words;
      return line;
    }));
    one('[data-counter]').hidden = !card.quay.length;
    const photo = one('[data-fill=photo]');
    photo.hidden = !card.anh_dau;
    one('[data-no-photo]').hidden = !photo.hidden;
    if (card.anh_dau && !photo.src.endsWith(photoOf(card))) photo.src = photoOf(card);
    const last = dayNumber(card.tu) + days(card) - 1;
    one('[data-past]').hidden = today <= last;
    one('[data-last]').hidden = today > last || last - today > 7;
    one('[data-last]').textContent = one('[data-last]').dataset.words.replace('{0}', spelt(isoOf(last)));
    one('[data-card]').hidden = false;
  }
  function none() {
    if (!one('[data-card]')) return;
    one('[data-card]').hidden = true;
    one('[data-lock]').hidden = true;
    one('[data-none]').hidden = false;
  }
  async function renew(card) {
    let answer = null;
    try {
      answer = await send('/the-da-luu/lam-moi', { khoa: card.khoa, anh: card.anh_dau || '' });
      const fresh = await answer.json();
      // Meanwhile somebody may have told this phone to forget it.
      if (!(await read()).some((other) => other.ma === card.ma)) return null;
      if (answer.ok) return take(fresh, { muoi: card.muoi, khoa_man: card.khoa_man });
      say(fresh.loi);
    } catch (ignored) { return card; /* no network: what is kept serves */ }
    if (answer.status !== 410) return card;
    await drop(card);
    none();
    return null;
  }
  // Outlive the form, which is shown anew whenever somebody comes back to this page.
  let tries = 0;
  let waitsUntil = 0;
  let waking = 0;
  function wait(input) {
    const left = waitsUntil - performance.now();
    clearTimeout(waking);
    input.disabled = left > 0;
    tell(input, left > 0 ? 'wait' : '');
    if (left > 0) waking = setTimeout(wait, left, input);
    else input.focus();
  }
  async function unlock(card) {
    const form = one('[data-lock]');
    const input = form.querySelector('input');
    one('[data-card]').hidden = true;
    form.hidden = false;
    one('[data-lock-name]').textContent = card.ten;
    input.value = '';
    wait(input);
    return new Promise((done) => {
      form.onsubmit = async (e) => {
        e.preventDefault();
        if (input.disabled) return null;
        const typed = input.value;
        const right = typed && (await locked(typed, card.muoi)) === card.khoa_man;
        input.value = '';
        if (right) {
          tries = 0;
          tell(input);
          form.hidden = true;
          return done();
        }
        if (typed) tries += 1;
        if (typed && tries % 5 === 0) {
          waitsUntil = performance.now() + 30000;
          wait(input);
        } else {
          tell(input, typed ? 'wrong' : 'empty');
          input.focus();
        }
        return null;
      };
    });
  }
  // Whose cards these are: to choose from, or, below an open one, to change to.
  function list(cards, chosen) {
    one('[data-people] ul').replaceChildren(...cards.map((card) => {
      const item = doc.createElement('li');
      const link = doc.createElement('a');
      link.className = 'row';
      link.href = '/the-da-luu#' + card.ma;
      link.textContent = card.ten;
      if (card === chosen) link.setAttribute('aria-current', 'true');
      item.append(link);
      return item;
    }));
    one('[data-people]').hidden = chosen ? cards.length < 2 : !cards.length;
    one('[data-people]').open = !chosen;
  }
  async function open() {
    const cards = await read();
    say('');
    const last = await (await caches.open(KEPT)).match('/the-da-luu/nguoi');
    const who = last ? await last.text() : '';
    const path = location.pathname;
    const here = cards.filter((card) => '#' + card.ma === location.hash);
    const there = cards.filter((card) => path === '/the-da-luu' || (path === card.goc + '/the-bhyt/su-dung' && (card.goc !== '/ca-nhan' || card.ma === who)));
    const mine = here.length ? here : there;
    let card = mine.length === 1 ? mine[0] : null;
    list(cards, card);
    if (!cards.length) return none();
    if (!card) return null;
    one('[data-close]').href = card.goc + '/the-bhyt';
    if (card.khoa_man) await unlock(card);
    show(card);
    doc.addEventListener('visibilitychange', async () => {
      if (!card) return;
      if (doc.hidden && card.khoa_man) one('[data-card]').hidden = true;
      if (doc.hidden) return;
      if (!(await read()).some((other) => other.ma === card.ma)) return none();
      if (card.khoa_man) await unlock(card);
      show(card);
    });
    all('[data-step]').forEach((button) => button.addEventListener('click', () => {
      shift += Number(button.dataset.step);
      show(card);
    }));
    one('[data-forget]').addEventListener('click', async () => {
      const gone = card;
      card = null;
      await drop(gone);
      none();
      send('/the-da-luu/bo', { khoa: gone.khoa }).catch(() => {});
    });
    const fresh = await renew(card);
    if (!fresh || !card) return null;
    card = fresh;
    if (one('[data-card]').hidden) return null;
    show(card);
    return picture(card);
  }

  // Whom the server shows a card at /ca-nhan: whoever is signed in here.
  const shownTo = async (key) => (await caches.open(KEPT)).put('/the-da-luu/nguoi', new Response(key));

  // ---- the page that asks whether to keep a card
  async function kit(name) {
    const worker = (await navigator.serviceWorker.ready).active;
    await new Promise((done, failed) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (e) => (e.data ? done() : failed(new Error(name)));
      setTimeout(failed, 20000, new Error('late'));
      worker.postMessage({ kit: name, lang: doc.documentElement.lang }, [channel.port2]);
    });
  }
  async function keep(form, place) {
    const cards = await read();
    const before = cards.find((card) => card.ma === place.dataset.key);
    const body = new FormData(form);
    if (before) body.append('anh', before.anh_dau || '');
    const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(answer.status), { words: said.loi });
    const card = await take(said, await lockFor(form.querySelector('[data-pin]').value));
    if (card.goc === '/ca-nhan') await shownTo(card.ma);
    await kit('kept');
    location.assign(place.dataset.done);
  }

  // The lock's code stays on this phone, so the phone looks at it; the consent is looked at again by the server.
  function wrong(form) {
    const [pin, again, agree] = ['#pin', '#pin-again', '#agree'].map((id) => form.querySelector(id));
    const typed = pin.value;
    const found = [
      [pin, typed && !/^[0-9]+$/.test(typed) ? 'digits' : typed && (typed.length < 4 || typed.length > 8) ? 'length' : ''],
      [again, again.value !== typed ? 'other' : ''],
      [agree, agree.checked ? '' : 'needed'],
    ];
    return found.filter(([input, name]) => !tell(input, name)).map(([input]) => input)[0];
  }

  const place = one('[data-keeping]');
  const able = 'caches' in window && 'serviceWorker' in navigator && window.crypto && crypto.subtle;
  if (place && able) {
    place.hidden = false;
    one('[data-no-keep]').hidden = true;
    const form = one('[data-keep-form]');
    form.addEventListener('submit', async (e) => {
      e.preventDefault();
      const button = form.querySelector('[type=submit]');
      const says = one('[data-keep-says]');
      says.hidden = true;
      const first = wrong(form);
      if (first) return first.focus();
      button.disabled = true;
      try {
        await keep(form, place);
      } catch (trouble) {
        says.textContent = trouble.words || says.dataset.usual;
        says.hidden = false;
        button.disabled = false;
      }
    });
  }
  if (doc.body.hasAttribute('data-kept') && able) {
    open();
    window.addEventListener('hashchange', () => location.reload());
  }
  // The card's own page came from the server: what this phone keeps of it is renewed beside it.
  const shown = one('[data-key][data-awake]');
  if (shown && able) {
    caches.has(KEPT).then(async (has) => {
      if (!has) return null;
      if (shown.dataset.own) await shownTo(shown.dataset.key);
      const card = (await read()).find((other) => other.ma === shown.dataset.key);
      if (!card) return null;
      const link = one('[data-keep-link]');
      link.textContent = link.dataset.kept;
      link.href = '/the-da-luu#' + card.ma;
      return renew(card);
    }).catch(() => {});
  }
}());
