/* The page without network shows what the notice board said when there last was one: only what stands now, as plain text. */
(function () {
  'use strict';
  const box = document.querySelector('[data-board]');
  if (!box || !window.caches) return;
  const lang = document.documentElement.lang;
  const line = (one) => {
    const words = document.createElement('p');
    const label = document.createElement('strong');
    const text = document.createElement('span');
    const own = one.chu[lang.slice(0, 2)];
    words.className = 'notice ' + { khan: 'notice-bad', 'quan-trong': 'notice-warn' }[one.muc];
    label.textContent = box.getAttribute('data-' + one.muc);
    text.textContent = own || one.chu.vi;
    if (!own) text.lang = 'vi';
    words.append(label, ' ', text);
    return words;
  };
  caches.match(box.dataset.board).then((kept) => kept && kept.json()).then((kept) => {
    const now = Date.now() / 1000;
    const standing = kept ? kept.bang.filter((one) => one.tu <= now && now < one.den) : [];
    if (!standing.length) return;
    const at = new Date(kept.luc * 1000);
    const time = box.querySelector('time');
    time.dateTime = at.toISOString();
    time.textContent = at.toLocaleString(lang, { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short', timeStyle: 'short' });
    box.prepend(...standing.map(line));
    box.hidden = false;
  }).catch(() => {});
})();
