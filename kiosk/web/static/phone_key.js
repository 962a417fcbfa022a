// Lets this phone make or show its key before a form is sent (Web Authentication). The only script of the phone pages: where it
// does not run, forms are sent as they are, and the kiosk decides. Browsers from late 2021 on read it.
"use strict";
(function () {
  var form = document.querySelector("form[data-key-way]");
  if (!form || !window.PublicKeyCredential || !navigator.credentials || !window.fetch) { return; }
  var makes = form.dataset.keyFor === "make";
  var failed = document.getElementById("key-failed");
  var busy = false;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (one) { return one.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known(one) { return Object.assign({}, one, { id: bytes(one.id) }); }

  function made(asked) {
    asked.challenge = bytes(asked.challenge);
    asked.user.id = bytes(asked.user.id);
    asked.excludeCredentials = (asked.excludeCredentials || []).map(known);
    return navigator.credentials.create({ publicKey: asked }).then(function (key) {
      return said(key, {
        clientDataJSON: text(key.response.clientDataJSON),
        attestationObject: text(key.response.attestationObject)
      });
    });
  }

  function shown(asked) {
    asked.challenge = bytes(asked.challenge);
    asked.allowCredentials = asked.allowCredentials.map(known);
    return navigator.credentials.get({ publicKey: asked }).then(function (key) {
      return said(key, {
        clientDataJSON: text(key.response.clientDataJSON),
        authenticatorData: text(key.response.authenticatorData),
        signature: text(key.response.signature)
      });
    });
  }

  function said(key, response) {
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response: response });
  }

  function asked() {
    return fetch(form.dataset.keyWay, { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }, function () { return null; });
  }

  function possible() {
    return makes ? PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable() : Promise.resolve(true);
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (busy) { return; }
    busy = true;
    if (failed) { failed.hidden = true; }
    possible().then(function (can) {
      return can ? asked() : null;
    }).then(function (options) {
      if (!options) { return ""; }  // the kiosk says why, when it gets the form
      return makes ? made(options) : shown(options);
    }).then(function (answer) {
      form.elements.key.value = answer;
      form.submit();
    }).catch(function () {
      if (makes) { form.submit(); return; }  // a phone that cannot make one is known by its cookie
      busy = false;
      if (failed) { failed.hidden = false; }
    });
  });

  window.addEventListener("pageshow", function () { busy = false; });
})();
