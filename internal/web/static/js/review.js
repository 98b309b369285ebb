// The review desk: keys, pages of evidence, ticks. Everything here has a button
// or a link that works without it.
(function () {
  "use strict";
  var OFF = "quxiang.keys.off";
  var doc = document;

  function $(selector) { return doc.querySelector(selector); }
  function all(selector) { return Array.prototype.slice.call(doc.querySelectorAll(selector)); }
  function stored() { try { return localStorage.getItem(OFF) === "1"; } catch (e) { return false; } }
  function store(off) { try { localStorage.setItem(OFF, off ? "1" : ""); } catch (e) { /* no storage: until the page is left */ } }
  var off = stored();

  function say(text) {
    var line = $("#say");
    if (line) { line.textContent = ""; setTimeout(function () { line.textContent = text; }, 50); }
  }

  // What a new desk needs: from the start, and after each change of its columns.
  function ready() {
    all(".zoom").forEach(function (z) { z.hidden = false; });
    var on = $("#keys-on");
    if (on) {
      on.hidden = false;
      on.querySelector("input").checked = !off;
      $("#keys").hidden = off;
    }
    var row = $(".rv-list .on");
    var list = $(".rv-list");
    if (row && list && (row.offsetTop < list.scrollTop || row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight)) {
      list.scrollTop = Math.max(0, row.offsetTop - list.clientHeight / 3);
    }
    ticked();
  }

  function ticked() {
    var n = all(".rv-list input:checked").length;
    var bar = $(".rv-batch");
    if (bar) {
      bar.classList.toggle("some", n > 0);
      $("#ticked").textContent = n > 0 ? "已勾选 " + n + " 件" : "勾选后可成批通过";
    }
  }

  // Evidence.
  var zooms = ["", "z1", "z2", "z3"];
  function zoom(how) {
    var docs = $("#docs");
    if (!docs) { return; }
    if (how === "turn") {
      var paper = current();
      if (!paper) { return; }
      var turn = (Number(paper.getAttribute("data-turn") || 0) + 1) % 4;
      paper.setAttribute("data-turn", turn);
      ["turn1", "turn2", "turn3"].forEach(function (c, i) { paper.classList.toggle(c, turn === i + 1); });
      return;
    }
    var at = 0;
    zooms.forEach(function (c, i) { if (c && docs.classList.contains(c)) { at = i; } });
    var to = how === "fit" ? 0 : Math.min(zooms.length - 1, Math.max(0, at + (how === "in" ? 1 : -1)));
    zooms.forEach(function (c, i) { if (c) { docs.classList.toggle(c, i === to); } });
  }

  // The document that fills most of the top of the column.
  function current() {
    var docs = $("#docs");
    var papers = all("#docs .rv-doc");
    var found = papers[0];
    papers.forEach(function (p) { if (p.offsetTop - docs.offsetTop <= docs.scrollTop + 40) { found = p; } });
    if (docs && docs.scrollHeight - docs.scrollTop - docs.clientHeight < 4 && docs.scrollTop > 0) { found = papers[papers.length - 1]; }
    return found;
  }

  function mark(paper) {
    all(".papers-bar .tabs a").forEach(function (a) {
      if (paper && a.getAttribute("href") === "#" + paper.id) { a.setAttribute("aria-current", "true"); } else { a.removeAttribute("aria-current"); }
    });
  }

  function turnTo(step) {
    var papers = all("#docs .rv-doc");
    var marked = $(".papers-bar .tabs [aria-current]");
    var at = marked ? papers.indexOf(doc.getElementById(marked.getAttribute("href").slice(1))) : 0;
    var to = papers[Math.min(papers.length - 1, Math.max(0, at + step))];
    if (to) { show(to); }
  }

  function show(paper) {
    var docs = $("#docs");
    docs.scrollTop = paper.offsetTop - docs.offsetTop - 10;
    if (docs.scrollHeight === docs.clientHeight) { paper.scrollIntoView(); }
    mark(paper);
  }

  doc.addEventListener("click", function (e) {
    var button = e.target.closest ? e.target.closest("[data-zoom]") : null;
    if (button) { zoom(button.getAttribute("data-zoom")); return; }
    var tab = e.target.closest ? e.target.closest(".papers-bar .tabs a") : null;
    if (tab) {
      var paper = doc.getElementById(tab.getAttribute("href").slice(1));
      if (paper) { e.preventDefault(); show(paper); paper.focus({ preventScroll: true }); }
    }
  });
  doc.addEventListener("change", function (e) {
    if (e.target.name === "pick") { ticked(); }
    if (e.target.closest("#keys-on")) {
      off = !e.target.checked;
      store(off);
      $("#keys").hidden = off;
    }
  });

  // Keys: letters act outside fields only, and can be switched off (WCAG 2.1.4).
  function typing(t) {
    return t.isContentEditable || t.tagName === "TEXTAREA" || t.tagName === "SELECT" ||
      t.tagName === "INPUT" && t.type !== "radio" && t.type !== "checkbox";
  }

  function press(key) {
    switch (key) {
      case "[": turnTo(-1); return true;
      case "]": turnTo(1); return true;
      case "x":
        var box = $(".rv-list .on input");
        if (box) { box.checked = !box.checked; ticked(); say(box.checked ? "已勾选" : "已取消勾选"); }
        return Boolean(box);
      case "r":
        if ($("#act") && !$("#reasons input:checked") && !$("#note").value.trim()) {
          $("#reasons input").focus();
          say("先选一条退回理由，或在备注里写明");
          return true;
        }
    }
    var to = $('[data-key="' + key + '"]');
    if (!to) { return false; }
    if (to.tagName === "TEXTAREA") { to.focus(); } else { to.click(); if (to.type === "radio") { to.focus(); } }
    return true;
  }

  doc.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) { return; }
    if (e.key === "Escape" && typing(e.target)) { e.target.blur(); return; }
    if (typing(e.target)) { return; }
    if (e.key === "?") {
      var on = $("#keys-on input");
      if (on) { on.focus(); say($("#keys").textContent); }
      return;
    }
    if (off || e.key.length !== 1 || !/^[jkprnx1-5[\]]$/i.test(e.key)) { return; }
    if (press(e.key.toLowerCase())) { e.preventDefault(); }
  });

  // htmx takes only the columns out of the answer, of a refusal as well.
  doc.addEventListener("htmx:beforeSwap", function (e) {
    var x = e.detail.xhr;
    if (x.status >= 400 && x.responseText.indexOf('id="desk"') > 0) { e.detail.shouldSwap = true; e.detail.isError = false; }
  });
  doc.addEventListener("htmx:responseError", function (e) {
    var html = e.detail.xhr.responseText; // a page of its own: shown whole
    if (html.indexOf('id="desk"') < 0) { location.reload(); }
  });
  var scrolled = 0;
  doc.addEventListener("htmx:beforeRequest", function () { var l = $(".rv-list"); scrolled = l ? l.scrollTop : 0; });
  doc.addEventListener("htmx:afterSettle", function () {
    var l = $(".rv-list");
    if (l) { l.scrollTop = scrolled; }
    ready();
    var desk = $("#desk");
    var name = $("#sheet-name");
    var wrong = $("#note[aria-invalid]");
    var focus = wrong || name || $(".rv-none");
    if (focus) { focus.focus({ preventScroll: true }); }
    var told = (desk && desk.getAttribute("data-say")) || "";
    say((told ? told + "。" : "") + (wrong ? $("#note-error").textContent : name ? "现在是 " + name.textContent : ""));
  });
  doc.addEventListener("scroll", function (e) { if (e.target.id === "docs") { mark(current()); } }, true);
  ready();
})();
