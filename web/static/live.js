// Keeps an open page up to date: when something changed within the reader's sight, the page is fetched anew and its
// parts marked data-live are put in place. What the reader is filling in is left alone; then a bar offers the news.
(() => {
  "use strict";
  const parts = () => document.querySelectorAll("[data-live]");
  const status = document.getElementById("live");
  if (!status || !parts().length || !window.EventSource) return;
  const dirty = new WeakSet();
  let bar = null;
  let waiting = null;

  document.addEventListener("input", (event) => {
    const part = event.target.closest("[data-live]");
    if (part && !event.target.matches("[data-pick]")) dirty.add(part);
  });

  const busy = (part) =>
    (dirty.has(part) && part.querySelector("form textarea, form input:not([type=hidden])")) || (part.contains(document.activeElement) && document.activeElement.matches("input:not([data-pick]), textarea, select"));

  const seen = (part) => part.innerHTML.replace(/<input type="hidden"[^>]*>/g, "").replace(/ open=""/g, "");

  const kept = (part) => ({
    open: [...part.querySelectorAll("details[open][id]")].map((one) => one.id),
    picked: [...part.querySelectorAll("[data-pick]:checked")].map((one) => one.value),
    focus: part.contains(document.activeElement) ? document.activeElement.id : "",
  });

  const restore = (part, was) => {
    for (const id of was.open) {
      const one = part.querySelector(`#${CSS.escape(id)}`);
      if (one) one.open = true;
    }
    for (const one of part.querySelectorAll("[data-pick]")) one.checked = was.picked.includes(one.value);
    if (was.focus) document.getElementById(was.focus)?.focus({ preventScroll: true });
    part.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
  };

  const offer = () => {
    if (bar) return;
    bar = document.createElement("div");
    bar.className = "news";
    bar.append(`${status.dataset.waiting} `);
    const show = document.createElement("a");
    show.href = location.href;
    show.textContent = status.dataset.show;
    bar.append(show);
    document.body.append(bar);
    status.textContent = status.dataset.waiting;
  };

  const renew = async () => {
    waiting = null;
    const here = location.href;
    const answer = await fetch(here, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (location.href !== here) return renew();
    let changed = false;
    let left = false;
    for (const part of parts()) {
      const next = fresh.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
      if (!next || seen(next) === seen(part)) continue;
      if (busy(part)) {
        left = true;
        continue;
      }
      const was = kept(part);
      part.replaceChildren(...next.childNodes);
      restore(part, was);
      changed = true;
    }
    if (left) offer();
    else if (changed) status.textContent = status.dataset.changed;
  };

  const source = new EventSource(`/live?after=${status.dataset.position}`);
  source.addEventListener("changed", () => {
    waiting ??= setTimeout(() => renew().catch(() => {}), 400);
  });
  addEventListener("pagehide", () => source.close());
})();
