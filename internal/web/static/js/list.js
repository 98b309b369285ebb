// The bar of a list shows only while something is ticked; without this script it
// is always there.
(function () {
  "use strict";
  var form = document.getElementById("ticked");
  var bar = document.getElementById("batch");
  if (!form || !bar) return;
  var word = bar.querySelector("span");
  function count() {
    var n = form.querySelectorAll("input[name=id]:checked").length;
    bar.hidden = n === 0;
    word.textContent = "已勾选 " + n + " 人";
  }
  form.addEventListener("change", count);
  count();
})();
