/* The officers' keys, and what keeps one press from deciding twice. The desk works without it. */
(function () {
  'use strict';
  const doc = document;
  const body = doc.body;
  // Longer than a double press takes, shorter than any look at three photos.
  const MOMENT = 500;
  const LONGEST_WAIT = 5000;
  let sent = false;

  // ---- a page that has just come is asleep: a second press was meant for the one before. It wakes a moment after its
  // photos have come, at the latest after five seconds.
  body.setAttribute('data-asleep', '');
  const wake = () => body.removeAttribute('data-asleep');
  const soon = () => setTimeout(wake, MOMENT);
  if (doc.readyState === 'complete') soon();
  else window.addEventListener('load', soon);
  setTimeout(wake, LONGEST_WAIT);
  const ready = () => !sent && !body.hasAttribute('data-asleep');

  doc.addEventListener('submit', (e) => {
    if (!e.target.closest('.desk-side')) return;
    if (!ready()) return e.preventDefault();
    sent = true;
    // Whoever stopped a slow answer may press again; the server refuses what is decided already.
    setTimeout(() => { sent = false; }, LONGEST_WAIT);
  }, true);

  // ---- keys: <button data-key="A">; a <summary> opens its form and hands the focus to [data-first], if there is one
  doc.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.shiftKey || e.repeat || e.isComposing) return;
    if (doc.activeElement && doc.activeElement.matches('input,select,textarea,[contenteditable]')) return;
    const pressed = e.key.toLowerCase();
    const target = Array.from(doc.querySelectorAll('[data-key]')).find((el) => el.dataset.key.toLowerCase() === pressed);
    if (!target) return;
    e.preventDefault();
    if (!ready()) return;
    target.focus();
    target.click();
    const form = target.closest('details[open]');
    const first = form && form.querySelector('[data-first]');
    if (first) first.focus();
  });
}());
