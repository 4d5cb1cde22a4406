/* The portrait by webcam at the counter; app.js fetches it on the first tap. ES2017, no eval, no inline style, no blob address. */
(function () {
  'use strict';
  const doc = document;

  const streamFrom = () => navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: 1280 }, height: { ideal: 960 } } });

  async function photographed(video) {
    const canvas = doc.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d').drawImage(video, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.9));
    return new File([blob], 'webcam.jpg', { type: 'image/jpeg' });
  }

  // button: data-camera; its form holds input[type=file] and [data-camera-view] with [data-camera-shoot], [data-camera-stop],
  // and words [data-camera-says].
  window.takePhoto = async (button) => {
    const form = button.form;
    const view = form.querySelector('[data-camera-view]');
    const shoot = view.querySelector('[data-camera-shoot]');
    const stop = view.querySelector('[data-camera-stop]');
    const video = doc.createElement('video');
    let stream = null;
    const halt = () => {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      video.remove();
      view.hidden = true;
      button.hidden = false;
    };
    video.muted = true;
    video.setAttribute('playsinline', '');
    button.hidden = true;
    shoot.disabled = true; // until there is a picture to take
    const says = form.querySelector('[data-camera-says]');
    says.hidden = true;
    try {
      stream = await streamFrom();
      video.srcObject = stream;
      view.insertBefore(video, view.firstChild);
      view.hidden = false;
      // Set anew each time: a listener of the time before would send its own, old picture as well.
      stop.onclick = () => { halt(); button.focus(); };
      await video.play();
      shoot.onclick = async () => {
        shoot.disabled = true;
        const list = new DataTransfer();
        list.items.add(await photographed(video));
        halt();
        form.querySelector('input[type=file]').files = list.files;
        form.requestSubmit();
      };
      shoot.disabled = false;
      shoot.focus();
    } catch (trouble) {
      halt();
      says.hidden = false;
    }
  };
}());
