// Takes the letter from behind the # of the address into the form, and out of the address bar.
// Without this file the person pastes it.
"use strict";
(() => {
  const form = document.getElementById("bring");
  const letter = window.location.hash.slice(1);
  if (!form || !letter) { return; }
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  form.elements.letter.value = letter;
  form.requestSubmit();
})();
