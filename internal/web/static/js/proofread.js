// The proofreader: the file stays chosen while its findings are looked at, so that it
// need not be chosen again for a download; findings can be filtered and dismissed. All of
// it is forgotten with the page; without this script the form is sent as forms are.
(function () {
  "use strict";
  var form = document.getElementById("pf");
  var result = document.getElementById("pf-result");
  if (!form || !result) { return; }
  var card = form.parentNode;
  var input = form.querySelector("input[type=file]");
  var without = form.querySelector("input[name=without]");

  function all(selector) { return Array.prototype.slice.call(result.querySelectorAll(selector)); }

  // Findings that are dismissed, and those that are filtered out.
  function count() {
    var off = all(".pf-list li.off");
    var left = document.getElementById("pf-left");
    without.value = off.map(function (li) { return li.getAttribute("data-n"); }).join(",");
    if (left) {
      left.hidden = off.length === 0;
      left.textContent = "已忽略 " + off.length + " 条，还剩 " + (all(".pf-list li").length - off.length) + " 条。忽略只在这一页有效；现在下载，批注版里不含忽略的，清单末尾写明忽略了什么、为什么。";
    }
    all("mark").forEach(function (m) {
      var open = Array.prototype.some.call(m.querySelectorAll("a"), function (a) {
        var li = document.getElementById(a.getAttribute("href").slice(1));
        return li && !li.classList.contains("off");
      });
      m.classList.toggle("off", !open);
    });
  }

  function dismiss(li, box) {
    var why = box.querySelector("input");
    var button = box.querySelector("button");
    if (li.classList.contains("off")) {
      li.classList.remove("off");
      why.readOnly = false;
      button.textContent = "忽略这一条";
    } else if (why.value.trim() === "") {
      why.setAttribute("aria-invalid", "true");
      why.placeholder = "请写一句理由";
      why.focus();
      return;
    } else {
      why.removeAttribute("aria-invalid");
      why.readOnly = true;
      li.classList.add("off");
      button.textContent = "不忽略了";
    }
    count();
  }

  function filter() {
    var shown = {};
    all("#pf-kinds input").forEach(function (i) { shown[i.value] = i.checked; });
    all(".pf-list li").forEach(function (li) { li.hidden = shown[li.getAttribute("data-severity")] === false; });
  }

  function ready() {
    all(".pf-off").forEach(function (box) {
      box.hidden = false;
      var li = box.parentNode;
      box.querySelector("button").addEventListener("click", function () { dismiss(li, box); });
    });
    all("#pf-kinds").forEach(function (k) {
      k.hidden = false;
      k.addEventListener("change", filter);
    });
    count();
  }

  // The answer's part of the page takes the place of this one's.
  function take(text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var answer = page.getElementById("pf-result");
    var wrong = page.getElementById("pf-wrong");
    if (!answer || !wrong) { return false; }
    document.getElementById("pf-wrong").innerHTML = wrong.innerHTML;
    result.innerHTML = answer.innerHTML;
    ready();
    (document.getElementById("summary") || result).focus();
    return true;
  }

  var pressed = null;
  form.addEventListener("click", function (e) {
    var b = e.target;
    while (b && b !== form && b.tagName !== "BUTTON") { b = b.parentNode; }
    if (b && b.tagName === "BUTTON") { pressed = b; }
  });
  form.addEventListener("submit", function (e) {
    var how = pressed ? pressed.value : "view";
    pressed = null;
    if (how !== "view" || !window.fetch || !window.DOMParser) { return; }
    e.preventDefault();
    without.value = "";
    var data = new FormData(form);
    data.append("do", "view");
    var button = form.querySelector("button[value=view]");
    button.disabled = true;
    result.setAttribute("aria-busy", "true");
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).then(function (answer) {
      return answer.text();
    }).then(function (text) {
      if (!take(text)) { throw new Error("another page"); }
    }).catch(function () {
      form.submit(); // as without a script, with whatever page that brings
    }).then(function () {
      button.disabled = false;
      result.removeAttribute("aria-busy");
    });
  });
  input.addEventListener("change", function () { without.value = ""; });

  // A file dropped on the form.
  card.addEventListener("dragover", function (e) {
    e.preventDefault();
    card.classList.add("over");
  });
  card.addEventListener("dragleave", function () { card.classList.remove("over"); });
  card.addEventListener("drop", function (e) {
    e.preventDefault();
    card.classList.remove("over");
    if (e.dataTransfer && e.dataTransfer.files.length > 0) {
      input.files = e.dataTransfer.files;
      without.value = "";
    }
  });
  ready();
})();
