// The inbox with less travelling: choose many at once, unfold a task in its row, move by keys. All of it also works without.
(() => {
  "use strict";
  const list = document.getElementById("tasks");
  const bulk = document.getElementById("bulk");
  if (!list) return;
  const rows = () => [...list.querySelectorAll(".task")];
  const picks = () => [...list.querySelectorAll("[data-pick]")];

  // Choosing: all on this page, a stretch with Shift, and how many there are.
  const all = document.getElementById("pick-all");
  const picked = document.getElementById("picked");
  let last = null;
  const count = () => {
    if (!bulk) return;
    const chosen = picks().filter((one) => one.checked).length;
    const { none, one, more } = picked.dataset;
    picked.textContent = chosen === 0 ? none : chosen === 1 ? one : more.replace("#", chosen);
    bulk.classList.toggle("some", chosen > 0);
    all.checked = chosen > 0 && chosen === picks().length;
    all.indeterminate = chosen > 0 && !all.checked;
  };
  if (bulk) {
    bulk.querySelector(".picked").hidden = false;
    bulk.classList.add("counted");
    all.addEventListener("change", () => {
      for (const one of picks()) one.checked = all.checked;
      count();
    });
    list.addEventListener("click", (event) => {
      if (!event.target.matches("[data-pick]")) return;
      const found = picks();
      const at = found.indexOf(event.target);
      const from = found.findIndex((one) => one.value === last);
      if (event.shiftKey && from >= 0) {
        for (const one of found.slice(Math.min(at, from), Math.max(at, from) + 1)) one.checked = event.target.checked;
      }
      last = event.target.value;
      count();
    });
    list.addEventListener("change", count);
    count();
  }

  // Unfolding: what may be done with a task is fetched into its row.
  const unfolded = new Map();
  const unfold = async (link) => {
    const row = link.closest(".task");
    const before = row.querySelector(".here");
    if (before) {
      before.remove();
      const same = unfolded.get(row.id) === link.href;
      unfolded.delete(row.id);
      link.setAttribute("aria-expanded", "false");
      if (same) return null;
    }
    const answer = await fetch(link.href, { headers: { accept: "text/html" } });
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("task-acts");
    if (!answer.ok || answer.redirected || !part) {
      location.href = link.href;
      return null;
    }
    const here = document.createElement("div");
    here.className = "here";
    here.append(...part.childNodes);
    const there = document.getElementById(row.id);
    if (!there) return null;
    there.append(here);
    unfolded.set(row.id, link.href);
    for (const one of there.querySelectorAll("a.more")) one.setAttribute("aria-expanded", String(one.href === link.href));
    return here;
  };
  const focusIn = (here) => here?.querySelector("details[open] :is(textarea, select, input:not([type=hidden])), summary")?.focus();
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a.more");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    unfold(link).then(focusIn, () => (location.href = link.href));
  });
  list.addEventListener("renewed", () => {
    const open = [...unfolded];
    unfolded.clear();
    for (const [id, href] of open) {
      const link = [...(document.getElementById(id)?.querySelectorAll("a.more") ?? [])].find((one) => one.href === href);
      if (link) unfold(link).catch(() => {});
    }
    mark(here(), working && document.activeElement === document.body);
    count();
  });

  // Keys: for those who switched them on, and never while something is being filled in.
  const help = document.getElementById("keys");
  const on = document.getElementById("keys-on");
  const KEPT = "inbox-keys";
  let current = "";
  let working = false;
  const mark = (row, focus = true) => {
    for (const one of list.querySelectorAll(".task.current")) one.classList.remove("current");
    if (!row) return;
    current = row.id;
    row.classList.add("current");
    if (focus) row.querySelector("a.to-case").focus();
    if (focus) row.scrollIntoView({ block: "nearest" });
  };
  list.addEventListener("focusin", (event) => mark(event.target.closest(".task"), false));
  document.addEventListener("focusin", (event) => (working = list.contains(event.target)));
  const move = (step) => {
    const found = rows();
    const at = found.findIndex((row) => row.id === current);
    mark(found[at < 0 ? 0 : Math.max(0, Math.min(found.length - 1, at + step))]);
  };
  const here = () => document.getElementById(current);
  const acts = {
    j: () => move(1),
    k: () => move(-1),
    x: () => here()?.querySelector("[data-pick]").click(),
    a: () => here()?.querySelector("button.likely")?.click(),
    m: () => here()?.querySelector("a.more:last-of-type")?.click(),
    "/": () => document.getElementById("q").focus(),
    "?": () => {
      help.open = !help.open;
      help.querySelector("summary").focus();
    },
  };
  if (help) {
    help.hidden = false;
    try {
      on.checked = localStorage.getItem(KEPT) === "on";
    } catch {
      on.checked = false;
    }
    on.addEventListener("change", () => {
      try {
        localStorage.setItem(KEPT, on.checked ? "on" : "off");
      } catch {
        // Nothing is remembered where the browser keeps nothing.
      }
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.matches("input:not([data-pick], #keys-on), textarea, select") || event.target.closest(".here, #bulk")) return;
    const within = list.contains(document.activeElement);
    if (!on?.checked && !within) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
