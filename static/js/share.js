/* The phone's own sheet for sending; where there is none the button stays hidden. */
(function () {
  'use strict';
  const button = document.querySelector('[data-share]');
  if (!button || !navigator.share) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    // Whoever closes the sheet has changed their mind: nothing to say.
    navigator.share({ text: button.dataset.share }).catch(() => {});
  });
})();
