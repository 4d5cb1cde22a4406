/* Passkeys; fetched on the first tap. ES2017. */
(function () {
  'use strict';
  const Key = window.PublicKeyCredential;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const listed = (list) => (list || []).map((one) => Object.assign({}, one, { id: bytes(one.id) }));

  // Older browsers cannot read the options themselves, nor write the answer.
  const creation = (o) => (Key.parseCreationOptionsFromJSON ? Key.parseCreationOptionsFromJSON(o) : Object.assign({}, o, {
    challenge: bytes(o.challenge), user: Object.assign({}, o.user, { id: bytes(o.user.id) }), excludeCredentials: listed(o.excludeCredentials),
  }));
  const request = (o) => (Key.parseRequestOptionsFromJSON ? Key.parseRequestOptionsFromJSON(o) : Object.assign({}, o, {
    challenge: bytes(o.challenge), allowCredentials: listed(o.allowCredentials),
  }));
  function written(made) {
    const from = made.response;
    const response = { transports: from.getTransports ? from.getTransports() : [] };
    ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].forEach((name) => {
      if (from[name]) response[name] = text(from[name]);
    });
    return { id: made.id, rawId: text(made.rawId), type: made.type, response };
  }

  async function sent(url, token, data) {
    const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': token };
    const reply = await fetch(url, { method: 'POST', credentials: 'same-origin', body: JSON.stringify(data), headers });
    const said = await reply.json().catch(() => ({}));
    if (!reply.ok) throw new Error(said.error || '');
    return said;
  }

  // data-add: a new one, called by the input `name`; data-pending: the password was right a moment ago.
  // data-named, data-secret: ids of the inputs that go with it; data-resend: its form goes once the answer was right.
  window.usePasskey = async (button) => {
    const box = button.closest('[data-passkey-box]');
    const says = box.querySelector('[data-passkey-says]');
    const token = box.querySelector('[name=csrf_token]').value;
    const { begin, finish, add, pending, named, secret, resend } = button.dataset;
    const input = add ? box.querySelector('[name=name]') : document.getElementById(named || 'name');
    const word = secret && document.getElementById(secret);
    // The server has words for what is missing.
    if (word && !(input.value && word.value)) return box.querySelector('[type=submit]').click();
    const name = input ? input.value : '';
    const usual = says.dataset.usual || (says.dataset.usual = says.textContent);
    says.hidden = true;
    button.disabled = true;
    try {
      const options = await sent(begin, token, { name, pending: !!pending });
      const made = await (add ? navigator.credentials.create({ publicKey: creation(options) })
        : navigator.credentials.get({ publicKey: request(options) }));
      const said = await sent(finish, token, Object.assign({ name }, word ? { password: word.value } : {}, written(made)));
      if (resend) HTMLFormElement.prototype.submit.call(box);
      else location.assign(said.to);
    } catch (trouble) {
      // The browser's own words are not for people.
      says.textContent = (trouble.name === 'Error' && trouble.message) || usual;
      says.hidden = false;
      button.disabled = false;
    }
  };
}());
