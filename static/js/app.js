/* Everything here only quickens pages that work without it. ES2017, no eval, no inline style, no markup from data. */
(function () {
  'use strict';
  const doc = document;
  const body = doc.body;
  const all = (selector, root) => {
    const found = Array.from((root || doc).querySelectorAll(selector));
    return root && root.matches && root.matches(selector) ? [root].concat(found) : found;
  };

  // htmx wakes on this event and needs 40 ms of a weak phone: in a task of its own, or a tap waits for that and for the
  // browser's own work at the end of a page together.
  window.addEventListener('DOMContentLoaded', (e) => {
    e.stopImmediatePropagation();
    setTimeout(() => { doc.dispatchEvent(new Event('DOMContentLoaded')); }, 0);
  }, { capture: true, once: true });

  // ---- a new version waits until it is wanted: update.js asks
  if ('serviceWorker' in navigator) {
    const workers = navigator.serviceWorker;
    const waiting = (registration) => {
      const bar = doc.getElementById('update');
      if (!registration.waiting || !workers.controller || !bar) return;
      registration.waiting.postMessage('late?');
      if (window.offerUpdate) return window.offerUpdate(registration);
      const script = doc.createElement('script');
      script.src = bar.dataset.script;
      script.onload = () => window.offerUpdate(registration);
      doc.head.appendChild(script);
    };
    window.addEventListener('load', () => {
      setTimeout(() => {
        workers.register('/sw.js').then((registration) => {
          waiting(registration);
          // What is shown without network speaks the language that was chosen last.
          if (registration.active) registration.active.postMessage({ speak: doc.documentElement.lang });
          registration.addEventListener('updatefound', () => {
            const fresh = registration.installing;
            fresh.addEventListener('statechange', () => { if (fresh.state === 'installed') waiting(registration); });
          });
        }).catch(() => {});
      }, 500);
    });
    // What is written here, and what only the answer to a form shows (the server marks whole pages), no reload brings back.
    const keep = () => { body.dataset.keep = ''; };
    doc.addEventListener('input', (e) => { if (e.target.form) keep(); });
    doc.addEventListener('htmx:beforeSwap', (e) => { if (e.detail.shouldSwap && e.detail.requestConfig.verb !== 'get') keep(); });
  }

  // ---- this browser can put us on a home screen: the page about that gets its button, the first page a hint
  const LATER = 'install-later';
  let offer = null;
  const offerInstall = (root) => {
    all('[data-install]', root).forEach((el) => { el.hidden = false; });
    let before = null;
    try { before = localStorage.getItem(LATER); } catch (ignored) { /* storage switched off */ }
    if (!before) all('[data-install-hint]', root).forEach((el) => { el.hidden = false; });
  };
  window.addEventListener('beforeinstallprompt', (e) => {
    // Elsewhere the browser may show its own bar.
    if (doc.querySelector('[data-install]')) e.preventDefault();
    offer = e;
    offerInstall(doc);
  });
  window.addEventListener('appinstalled', () => {
    offer = null;
    all('[data-install],[data-install-hint]').forEach((el) => { el.hidden = true; });
    all('[data-installed]').forEach((el) => { el.hidden = false; });
  });
  doc.addEventListener('click', (e) => {
    const button = e.target.closest && e.target.closest('[data-install],[data-install-later]');
    if (!button) return;
    if ('installLater' in button.dataset) {
      button.closest('[data-install-hint]').hidden = true;
      try { localStorage.setItem(LATER, '1'); } catch (ignored) { /* storage switched off: asked again */ }
    } else if (offer) {
      // The browser lets each be used once; the words below the button remain.
      button.hidden = true;
      offer.prompt();
      offer = null;
    }
  });

  // no-store does not keep a page out of the back/forward cache: after sign-out Back would show it again.
  window.addEventListener('pageshow', (e) => {
    if (e.persisted && body.hasAttribute('data-private')) location.reload();
  });

  // ---- menus: close on Escape, on a click elsewhere, and when another opens
  const menus = () => all('details[data-menu][open]');
  doc.addEventListener('click', (e) => {
    menus().forEach((m) => { if (!m.contains(e.target)) m.open = false; });
  });
  doc.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    menus().forEach((m) => {
      if (m.contains(doc.activeElement)) m.querySelector('summary').focus();
      m.open = false;
    });
  });

  // ---- captcha: proof of work instead of a question
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, '0')).join('');
  async function solve(box) {
    const subtle = window.crypto && window.crypto.subtle;
    if (!subtle || typeof TextEncoder === 'undefined') return;
    const { challenge, salt, max } = box.dataset;
    const encoder = new TextEncoder();
    const last = Number(max);
    let batch = 64;
    for (let from = 0; from <= last;) {
      const began = performance.now();
      const size = Math.min(batch, last - from + 1);
      const work = [];
      for (let i = 0; i < size; i++) work.push(subtle.digest('SHA-256', encoder.encode(salt + (from + i))));
      const found = (await Promise.all(work)).findIndex((digest) => hex(digest) === challenge);
      if (found >= 0) return answer(box, from + found);
      from += size;
      // Hold each slice under some 20 ms, and give typing and painting their turn in between.
      batch = performance.now() - began > 20 ? Math.max(16, batch >> 1) : Math.min(1024, batch << 1);
      await new Promise((done) => setTimeout(done, 0));
    }
  }
  function answer(box, n) {
    box.querySelector('[name=captcha_solution]').value = n;
    const input = box.querySelector('[name=captcha_answer]');
    input.required = false;
    const hide = () => { box.querySelector('[data-question]').hidden = true; };
    // Never take away a box that somebody is writing in.
    if (input === doc.activeElement) input.addEventListener('blur', hide, { once: true });
    else hide();
  }

  // ---- photos: make them small before they travel over 3G
  async function downscale(file, longest) {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    const canvas = doc.createElement('canvas');
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    if (bitmap.close) bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
    if (!blob || (scale === 1 && blob.size >= file.size)) return null;
    return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
  }
  function send(form, name) {
    const named = name && form.querySelector('button[name=' + name + ']');
    if (named) return named.click();
    if (form.requestSubmit) return form.requestSubmit();
    const button = form.querySelector('[type=submit]');
    return button ? button.click() : form.submit();
  }
  doc.addEventListener('change', async (e) => {
    const input = e.target;
    if (!input.matches || !input.matches('input[type=file][data-downscale]') || !input.files.length) return;
    const form = input.form;
    all('[data-busy]', form).forEach((el) => { el.hidden = false; });
    try {
      const small = await downscale(input.files[0], Number(input.dataset.downscale) || 1600);
      if (small) {
        const list = new DataTransfer();
        list.items.add(small);
        input.files = list.files;
      }
    } catch (ignored) { /* an old phone or an unknown format: the server downscales the original */ }
    send(form, input.dataset.send);
  });

  // ---- a card's QR code, a portrait at the counter, a passkey: their scripts are fetched on the tap that wants them
  doc.addEventListener('click', (e) => {
    const button = e.target.closest && e.target.closest('[data-scan],[data-camera],[data-passkey]');
    if (!button) return;
    const { scan, camera, passkey } = button.dataset;
    const name = scan ? 'scanCard' : camera ? 'takePhoto' : 'usePasskey';
    if (window[name]) return window[name](button);
    const script = doc.createElement('script');
    script.src = scan || camera || passkey;
    script.onload = () => window[name](button);
    script.onerror = () => all(passkey ? '[data-passkey-says]' : '[data-scan-says=failed]', button.form).forEach((el) => { el.hidden = false; });
    doc.head.appendChild(script);
  });

  // ---- the session's end is announced two minutes before
  const warning = doc.getElementById('session-warning');
  if (warning && body.dataset.sessionEnds) {
    const seconds = () => Date.now() / 1000;
    // Phones with a wrong clock: reckon by the server's.
    const skew = body.dataset.sessionNow ? seconds() - body.dataset.sessionNow : 0;
    let ends = Number(body.dataset.sessionEnds);
    let before = null;
    const extended = (value) => {
      if (Number(value) > ends) ends = Number(value);
      if (!warning.hidden && ends - seconds() + skew > 120) {
        warning.hidden = true;
        if (before && before.focus) before.focus();
      }
    };
    const failed = warning.querySelector('[data-session-failed]');
    setInterval(() => {
      const left = ends - seconds() + skew;
      // Over: nothing personal stays on an unattended screen (a GET, never a repeated POST; late, or it would renew).
      if (left < -2) return location.replace(location.pathname + location.search);
      if (left <= 120 && warning.hidden) {
        before = doc.activeElement;
        warning.hidden = false;
        warning.querySelector('button').focus();
      }
    }, 1000);
    warning.querySelector('form').addEventListener('submit', async (e) => {
      e.preventDefault();
      try {
        const reply = await fetch('/phien', { method: 'POST', body: new FormData(e.target), credentials: 'same-origin' });
        if (!reply.ok) throw new Error(reply.status);
        failed.hidden = true;
        extended(reply.headers.get('X-Session-Ends'));
      } catch (ignored) { failed.hidden = false; }
    });
    doc.addEventListener('htmx:afterRequest', (e) => { extended(e.detail.xhr.getResponseHeader('X-Session-Ends')); });
  }

  // ---- sign-out leaves nothing in the tab
  doc.addEventListener('submit', (e) => {
    if (!e.target.matches('[data-sign-out]')) return;
    try { sessionStorage.clear(); localStorage.clear(); } catch (ignored) { /* storage switched off */ }
  });

  // ---- a code that somebody is about to scan: the screen stays on
  const awake = () => {
    if (doc.querySelector('[data-awake]') && !doc.hidden && navigator.wakeLock) navigator.wakeLock.request('screen').catch(() => {});
  };
  doc.addEventListener('visibilitychange', awake);
  awake();

  // ---- copy buttons: <button type="button" data-copy="text" data-copied="Đã chép" hidden>
  doc.addEventListener('click', (e) => {
    const button = e.target.closest && e.target.closest('[data-copy]');
    if (!button || !navigator.clipboard) return;
    navigator.clipboard.writeText(button.dataset.copy).then(() => {
      if (button.dataset.copied) button.textContent = button.dataset.copied;
    }, () => {});
  });

  // ---- photos that were taken sideways: <button data-turn> beside an image turns it by a quarter
  doc.addEventListener('click', (e) => {
    const button = e.target.closest && e.target.closest('[data-turn]');
    const image = button && button.closest('figure').querySelector('img');
    if (!image) return;
    const now = (Number(image.dataset.turns || 0) + 1) % 4;
    image.dataset.turns = now;
    image.className = now ? 'turn-' + now : '';
  });

  // ---- a field that a scanner fills again and again is empty as soon as its content is on its way
  doc.addEventListener('htmx:beforeSend', (e) => {
    if (!e.target.matches('form[data-again]')) return;
    // reset() alone brings back what the server wrote there, of a refusal the very text that was wrong.
    e.target.reset();
    all('input[type=text],input[type=search]', e.target).forEach((el) => { el.value = ''; });
    all('[aria-invalid]', e.target).forEach((el) => { el.removeAttribute('aria-invalid'); });
    all('.bad', e.target).forEach((el) => { el.classList.remove('bad'); });
    all('.error[id]', e.target).concat(all('#result .form-errors')).forEach((el) => { el.remove(); });
    const field = e.target.querySelector('[autofocus]');
    if (field) field.focus({ preventScroll: true });
  });
  // What was pressed may be gone with the answer: the next scan must not be typed into nowhere.
  doc.addEventListener('htmx:afterSettle', () => {
    const field = all('form[data-again] [autofocus]')[0];
    if (field && doc.activeElement === body) field.focus({ preventScroll: true });
  });

  // ---- what htmx could not send: it says nothing itself, and what was found before is no answer to what stands there now
  doc.addEventListener('htmx:sendError', (e) => {
    const flash = doc.getElementById('flash');
    const words = doc.getElementById('unsent');
    if (e.target.matches('form') && e.detail.requestConfig.verb === 'get') e.detail.target.textContent = '';
    if (!flash || !words || flash.querySelector('.unsent')) return;
    flash.replaceChildren(words.content.cloneNode(true));
    flash.scrollIntoView({ block: 'nearest' });
  });
  doc.addEventListener('htmx:afterRequest', (e) => {
    if (e.detail.successful) all('#flash .unsent').forEach((el) => { el.remove(); });
  });

  // ---- what a fresh page or a part that htmx brought needs
  function wake(root) {
    all('[data-captcha]', root).forEach(solve);
    all('[data-turn][hidden]', root).forEach((el) => { el.hidden = false; });
    if (navigator.mediaDevices) all('[data-scan][hidden],[data-camera][hidden]', root).forEach((el) => { el.hidden = false; });
    if (window.PublicKeyCredential) all('[data-passkey],[data-passkey-name],[data-no-passkey]', root).forEach((el) => { el.hidden = 'noPasskey' in el.dataset; });
    if (offer) offerInstall(root);
    if (window.matchMedia('(display-mode:standalone)').matches) all('[data-standalone]', root).forEach((el) => { el.hidden = false; });
    if (navigator.clipboard) all('[data-copy][hidden]', root).forEach((el) => { el.hidden = false; });
    // A phone has scanned a helper's code or the seal of a document: it stands behind #, which never leaves the phone.
    const field = all('[data-from-hash]', root)[0];
    if (field && /^#(\d{8}|[\w-]{130,140})$/.test(location.hash)) {
      field.value = location.hash.slice(1);
      history.replaceState(null, '', location.pathname);
    }
    const errors = all('.form-errors', root)[0];
    // Whoever scans looks at no screen: the next scan replaces what was wrong, and the errors are read out as an alert.
    const scanned = errors && all('form[data-again] [autofocus]', root)[0];
    // After htmx has scrolled to the top of the page: what is wrong must be on the screen.
    if (errors) setTimeout(() => { (scanned || errors).focus(); if (scanned) scanned.select(); }, 0);
  }
  wake(doc);
  // A new page in the old frame: readers of the screen start at its top, as after a visit.
  doc.addEventListener('htmx:afterSwap', (e) => {
    if (e.detail.target.id === 'main') e.detail.target.focus({ preventScroll: true });
  });
  doc.addEventListener('htmx:load', (e) => { if (e.detail.elt !== body) wake(e.detail.elt); });
}());
