// The key / leads to the search of the bar. Like the keys of the review desk it
// acts outside fields only, and the switch there or on the account's page turns
// it off.
(function () {
  "use strict";
  var OFF = "quxiang.keys.off";
  var seek = document.getElementById("seek");
  var sign = document.getElementById("seek-key");
  var choice = document.getElementById("keys-choice");

  function off() { try { return localStorage.getItem(OFF) === "1"; } catch (e) { return false; } }
  function show() { if (sign) { sign.hidden = off(); } }

  document.addEventListener("keydown", function (e) {
    if (e.key !== "/" || off() || e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) { return; }
    e.preventDefault();
    seek.focus();
    seek.select();
  });
  if (choice) {
    choice.hidden = false;
    var box = choice.querySelector("input");
    box.checked = !off();
    box.addEventListener("change", function () {
      try { localStorage.setItem(OFF, box.checked ? "" : "1"); } catch (e) { /* no storage: nothing to keep */ }
      show();
    });
  }
  window.addEventListener("pageshow", show);
  document.addEventListener("change", function () { setTimeout(show, 0); });
  show();
})();
