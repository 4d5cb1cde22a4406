/* The bar that offers a new version. app.js fetches this when one waits, and calls offerUpdate(registration). */
(function () {
  'use strict';
  const doc = document;
  const bar = doc.getElementById('update');
  const workers = navigator.serviceWorker;
  const LATER = 'update-later';
  let offered = false;
  let wanted = false;

  const place = () => {
    const tabs = doc.querySelector('.tabbar');
    const stuck = tabs && getComputedStyle(tabs).position === 'sticky';
    bar.style.bottom = (stuck ? tabs.offsetHeight : 0) + 'px';
  };
  const hide = () => {
    bar.hidden = true;
    removeEventListener('resize', place);
  };
  const part = (name, shown) => { bar.querySelector('[data-' + name + ']').hidden = !shown; };
  // A GET, never a repeated POST.
  const visit = () => { location.replace(location.pathname + location.search); };
  // Fields that the browser filled in again after Back have made no event.
  const written = () => doc.body.hasAttribute('data-keep') || Array.from(doc.forms).some((form) => (
    Array.from(form.elements).some((el) => el.defaultValue !== undefined && el.value !== el.defaultValue)));
  const later = () => {
    try { sessionStorage.setItem(LATER, '1'); } catch (ignored) { /* storage switched off: the next page asks again */ }
    hide();
  };
  const take = (registration) => {
    const stay = written();
    wanted = !stay;
    if (registration.waiting) registration.waiting.postMessage('take-over');
    else if (wanted) return visit();
    if (!stay) return;
    part('asks', false);
    part('next', true);
    bar.querySelector('[data-next] button').focus();
    place();
  };

  window.offerUpdate = (registration) => {
    let before = null;
    try { before = sessionStorage.getItem(LATER); } catch (ignored) { /* storage switched off */ }
    if (before || offered) return;
    offered = true;
    bar.hidden = false;
    place();
    addEventListener('resize', place);
    bar.addEventListener('click', (e) => {
      const button = e.target.closest('button');
      if (button && 'now' in button.dataset) take(registration);
      else if (button) later();
    });
    bar.addEventListener('keydown', (e) => { if (e.key === 'Escape') later(); });
    workers.addEventListener('controllerchange', () => {
      if (wanted) {
        wanted = false;
        visit();
      } else if (!bar.querySelector('[data-asks]').hidden) hide(); // another tab took it, or it had waited long enough
    });
  };
}());
