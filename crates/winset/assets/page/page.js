// What the page does beside swapping parts: the package on the table in the address, rooms by key,
// packages held as A, B and C in this window, sliders over days.
(() => {
  "use strict";
  const ja = document.documentElement.lang === "ja";
  const say = (text) => { const said = document.getElementById("said"); if (said) said.textContent = text; };
  const held = () => { try { return JSON.parse(sessionStorage.getItem("winset-held") || "{}"); } catch { return {}; } };

  // The package that the numbers belong to goes into the address, so that reload, links and undo keep it.
  const carry = (code, push) => {
    const here = new URL(location.href);
    if (here.searchParams.get("p") !== code) {
      const first = !here.searchParams.has("p");
      here.searchParams.set("p", code);
      if (push && !first) history.pushState({}, "", here); else history.replaceState({}, "", here);
    }
    document.querySelectorAll("nav.rooms a, #lang").forEach((a) => {
      const to = new URL(a.href); to.searchParams.set("p", code); a.href = to.pathname + to.search;
    });
    document.querySelectorAll("[data-package]").forEach((input) => { input.value = code; });
  };

  const chosen = () => {
    const form = document.getElementById("options");
    if (!form) return null;
    const code = [];
    form.querySelectorAll("input:checked").forEach((input) => { code[Number(input.name.slice(1))] = input.value; });
    return code.join("");
  };

  const compare = () => {
    const box = document.getElementById("compare");
    const slots = held();
    if (!box || !Object.keys(slots).length) return;
    htmx.ajax("GET", box.dataset.src + "?" + new URLSearchParams(slots), { target: "#compare", swap: "innerHTML" });
  };

  const hold = (slot) => {
    const code = chosen();
    if (!code) return;
    sessionStorage.setItem("winset-held", JSON.stringify({ ...held(), [slot]: code }));
    say((ja ? "保持しました：" : "Held as ") + slot.toUpperCase());
    compare();
  };

  // An answer to an older question must not overwrite a newer one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "numbers") return;
    const code = /data-code="([0-9a-z]*)"/.exec(event.detail.xhr.responseText);
    if (code && chosen() && code[1] !== chosen()) event.detail.shouldSwap = false;
  });

  const settle = () => {
    const numbers = document.getElementById("numbers");
    if (numbers && numbers.dataset.code) {
      carry(numbers.dataset.code, true);
      if (numbers.dataset.exact === "true") performance.mark("winset-exact"); else performance.mark("winset-numbers");
    }
  };
  document.addEventListener("htmx:afterSettle", settle);
  window.addEventListener("popstate", () => location.reload());

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do],[data-hold]");
    if (!button) return;
    if (button.dataset.hold) hold(button.dataset.hold);
    if (button.dataset.do === "undo") history.back();
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit]");
    if (form) form.requestSubmit();
  });

  // A slider over days and its date field follow one another.
  const day = 86400000;
  document.addEventListener("input", (event) => {
    const input = event.target;
    const label = input.closest("label.slider");
    if (!label) return;
    const range = label.querySelector("input[type=range]"), date = label.querySelector("input[type=date]");
    const first = Date.parse(range.dataset.first + "T00:00Z");
    if (input === range) date.value = new Date(first + Number(range.value) * day).toISOString().slice(0, 10);
    else if (date.value) range.value = Math.round((Date.parse(date.value + "T00:00Z") - first) / day);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (at.matches && at.matches("input:not([type=radio]):not([type=range]),select,textarea")) {
      if (event.key === "Escape") at.blur();
      return;
    }
    if (/^[1-9]$/.test(event.key)) {
      const room = document.querySelectorAll("nav.rooms a")[Number(event.key) - 1];
      if (room) location.assign(room.href);
    } else if (event.key === "u") history.back();
    else if ("abc".includes(event.key)) hold(event.key);
    else if (event.key === "/") {
      const search = document.getElementById("search");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });

  document.addEventListener("DOMContentLoaded", () => { settle(); compare(); });
})();
