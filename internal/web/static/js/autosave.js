// Keeps the draft of a form while somebody types, and sends photos as soon as
// they are chosen. The form works without it.
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch || !window.FormData) { return; }
  var says = form.querySelector("[data-saved]");
  var parts = form.getAttribute("data-autosave").split("?");
  var address = parts[0] + "/draft";
  var timer = 0, busy = false, again = false, leaving = false;

  function body() {
    var out = [];
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "once") {
        out.push(encodeURIComponent(name) + "=" + encodeURIComponent(value));
      }
    });
    return out.join("&");
  }

  var moved = false;
  function say(text) { if (says) { says.textContent = text; } }

  function save() {
    timer = 0;
    if (leaving) { return; }
    if (busy) { again = true; return; }
    busy = true;
    fetch(address, {
      method: "POST", credentials: "same-origin", redirect: "error", body: body(),
      headers: { "Content-Type": "application/x-www-form-urlencoded" }
    }).then(function (answer) {
      if (!answer.ok) { throw new Error("not kept"); }
      return answer.text();
    }).then(function (text) {
      say(text);
      if (moved) { moved = false; districts(); }
    }).catch(function () {
      say("网络不通，草稿还没存上，接着填，等一会儿再存");
      again = true;
    }).then(function () {
      busy = false;
      if (again) { again = false; later(5000); }
    });
  }

  // the districts of another city come from the form as it is now kept
  function districts() {
    fetch(location.href.split("#")[0], { credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (page) {
      var fresh = new DOMParser().parseFromString(page, "text/html").getElementById("districts");
      var here = document.getElementById("districts");
      if (fresh && here) { here.parentNode.replaceChild(document.importNode(fresh, true), here); }
    });
  }

  function later(ms) {
    if (timer) { clearTimeout(timer); }
    timer = setTimeout(save, ms);
  }

  form.addEventListener("input", function (e) {
    if (e.target.type !== "file") { later(1200); }
  });
  form.addEventListener("change", function (e) {
    if (e.target.type === "file") {
      if (!e.target.files || !e.target.files.length) { return; }
      var button = e.target.parentNode.querySelector("button");
      if (button) {
        say("正在传，请等一下");
        button.click();
      }
    } else {
      moved = moved || e.target.id === "region";
      later(300);
    }
  });
  form.addEventListener("submit", function () {
    leaving = true;
    if (timer) { clearTimeout(timer); timer = 0; }
  });
  window.addEventListener("pageshow", function () { leaving = false; });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && timer) { clearTimeout(timer); save(); }
  });
  form.className += " scripted";
  var upload = form.querySelectorAll(".add");
  for (var i = 0; i < upload.length; i++) { upload[i].className += " auto"; }
}());
