/* The live camera of “Scan to fill”; app.js fetches it on the first tap. ES2017, no eval, no inline style, no blob. */
(function () {
  'use strict';
  const doc = document;
  const PAUSE = 200; // between two looks, in milliseconds: five a second keep a weak phone cool
  const SIDE = 720; // of the square that jsQR searches, in pixels
  let reader = null; // the promise of a function from a video to a text or null

  const load = (src) => new Promise((done, failed) => {
    const script = doc.createElement('script');
    script.src = src;
    script.onload = done;
    script.onerror = failed;
    doc.head.appendChild(script);
  });

  async function native() {
    if (!('BarcodeDetector' in window)) return null;
    const formats = await window.BarcodeDetector.getSupportedFormats();
    if (!formats.includes('qr_code')) return null;
    const detector = new window.BarcodeDetector({ formats: ['qr_code'] });
    return async (source) => {
      const codes = await detector.detect(source);
      return codes.length ? codes[0].rawValue : null;
    };
  }

  async function vendored(src) {
    if (!window.jsQR) await load(src);
    const canvas = doc.createElement('canvas');
    const context = canvas.getContext('2d', { willReadFrequently: true });
    return async (source) => {
      // Of a video the middle, where the frame asks for the code; a picture whole.
      const wide = source.videoWidth || source.width;
      const high = source.videoHeight || source.height;
      const side = Math.min(wide, high);
      const [across, down] = source.videoWidth ? [side, side] : [wide, high];
      const scale = Math.min(1, (source.videoWidth ? SIDE : 2 * SIDE) / Math.max(across, down));
      canvas.width = Math.round(across * scale);
      canvas.height = Math.round(down * scale);
      context.drawImage(source, (wide - across) / 2, (high - down) / 2, across, down, 0, 0, canvas.width, canvas.height);
      const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
      const code = window.jsQR(pixels.data, canvas.width, canvas.height, { inversionAttempts: 'dontInvert' });
      return code && code.data ? code.data : null;
    };
  }

  async function reading(src) {
    const own = await native().catch(() => null);
    return own || vendored(src);
  }

  const pause = () => new Promise((done) => setTimeout(done, PAUSE));

  // Until a code is seen; null when the user, another page or htmx has taken the camera's place away.
  async function look(video, read, going) {
    while (going() && doc.contains(video) && !doc.hidden) {
      const text = video.videoWidth ? await read(video).catch(() => null) : null;
      if (text && going()) return text;
      await pause();
    }
    return null;
  }

  const streamFrom = () => navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1080 } },
  });

  // The text of the code in a picture file, or null.
  window.readPicture = async (file, src) => (await reading(src))(await createImageBitmap(file, { imageOrientation: 'from-image' }));

  // button: data-scan, data-reader, and data-into where the field has another name; its form holds [data-scan-view] with [data-scan-stop] and words [data-scan-says].
  window.scanCard = async (button) => {
    const form = button.form;
    const view = form.querySelector('[data-scan-view]');
    const stop = view.querySelector('[data-scan-stop]');
    const say = (what) => form.querySelectorAll('[data-scan-says]').forEach((el) => { el.hidden = el.dataset.scanSays !== what; });
    const video = doc.createElement('video');
    let stream = null;
    let wanted = true;
    const halt = () => { wanted = false; };
    video.muted = true;
    video.setAttribute('playsinline', '');
    stop.addEventListener('click', halt);
    button.hidden = true;
    say(null);
    try {
      stream = await streamFrom();
      video.srcObject = stream;
      view.insertBefore(video, view.firstChild);
      view.hidden = false;
      say('look');
      stop.focus();
      await video.play();
      reader = reader || reading(button.dataset.reader);
      const text = await look(video, await reader, () => wanted);
      say(null);
      if (text) {
        form.querySelector('[name=' + (button.dataset.into || 'qr_text') + ']').value = text;
        form.querySelector(button.dataset.into ? '[type=submit]' : '[name=scan]').click();
      }
    } catch (trouble) {
      reader = null;
      if (wanted) say(trouble.name === 'NotAllowedError' ? 'denied' : 'failed');
    } finally {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      stop.removeEventListener('click', halt);
      video.remove();
      view.hidden = true;
      button.hidden = false;
      if (doc.contains(button)) button.focus();
    }
  };
}());
