// The annual report: what is typed is seen as it will print, and a number that is pressed
// tells where it comes from without the page moving. Both work without this script.
(function () {
  "use strict";
  if (!window.fetch || !window.FormData) { return; }
  var form = document.getElementById("rp-form");
  var live = document.getElementById("rp-live");

  // What is typed, as it would be printed: asked for when the typing rests.
  if (form && live) {
    var text = form.querySelector("textarea");
    var op = form.querySelector("button[name=op]");
    var timer = 0, turn = 0;
    var ask = function () {
      var mine = ++turn;
      var data = new FormData(form), body = [];
      data.append("op", op.value);
      data.forEach(function (value, name) {
        if (typeof value === "string" && name !== "once") {
          body.push(encodeURIComponent(name) + "=" + encodeURIComponent(value));
        }
      });
      fetch(form.getAttribute("data-preview"), {
        method: "POST", credentials: "same-origin", redirect: "error", body: body.join("&"),
        headers: { "Content-Type": "application/x-www-form-urlencoded" }
      }).then(function (answer) {
        if (!answer.ok) { throw new Error("no preview"); }
        return answer.text();
      }).then(function (html) {
        if (mine !== turn) { return; }
        live.innerHTML = html;
        live.hidden = html.trim() === "";
      }).catch(function () {
        if (mine === turn) { live.hidden = true; }
      });
    };
    text.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(ask, 350);
    });
    if (!document.querySelector("#summary")) { text.focus({ preventScroll: true }); }
  }

  // A number that is pressed: only the box beside the document changes.
  document.addEventListener("click", function (e) {
    var a = e.target.closest ? e.target.closest("a.rp-n") : null;
    if (!a || e.ctrlKey || e.metaKey || e.shiftKey || a.getAttribute("href").indexOf("number=") < 0) { return; }
    var here = document.getElementById("rp-chosen");
    if (!here) { return; }
    e.preventDefault();
    fetch(a.href, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error("no number"); }
      return answer.text();
    }).then(function (page) {
      var fresh = new DOMParser().parseFromString(page, "text/html").getElementById("rp-chosen");
      if (!fresh) { throw new Error("no number"); }
      here.innerHTML = fresh.innerHTML;
      if (window.innerWidth <= 900) { here.scrollIntoView(); }
      here.focus({ preventScroll: true });
    }).catch(function () { location.href = a.href; });
  });
}());
