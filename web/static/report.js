// Makes reporting quicker: finds services while one types, takes a position or a tap, makes photos small.
// Without it the same form has a search button and lists.
(() => {
  "use strict";
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, values = {}) => Object.assign(document.createElement(name), values);
  for (const part of all(".script")) part.hidden = false;

  // As web/pages/service_search.py does it.
  const SMALL = new Set(find("#services")?.dataset.small.split(" "));
  const words = (text) =>
    (text.toLowerCase().replace(/œ/g, "oe").normalize("NFKD").replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) || [])
      .filter((word) => !SMALL.has(word));
  const apart = (one, other) => {
    let before = [], last = [...Array(other.length + 1).keys()];
    for (let i = 0; i < one.length; i++) {
      const row = [i + 1];
      for (let j = 0; j < other.length; j++) {
        let cost = Math.min(last[j + 1] + 1, row[j] + 1, last[j] + (one[i] !== other[j]));
        if (i && j && one[i] === other[j - 1] && one[i - 1] === other[j]) cost = Math.min(cost, before[j - 1] + 1);
        row.push(cost);
      }
      [before, last] = [last, row];
    }
    return last.at(-1);
  };
  const likeness = (asked, known) => {
    const [short, long] = asked.length <= known.length ? [asked, known] : [known, asked];
    if (asked === known) return 1;
    if (known.startsWith(asked)) return 0.9;
    if (known.length >= 3 && asked.startsWith(known) && asked.length - known.length <= 3) return 0.8;
    if (short.length >= 3 && (long.endsWith(short) || (short.length >= 4 && long.includes(short))))
      return (0.6 * short.length) / long.length;
    if (asked.length >= 4 && Math.abs(asked.length - known.length) <= 2)
      return apart(asked, known) <= (asked.length >= 8 ? 2 : 1) ? 0.5 : 0;
    return 0;
  };
  const best = (asked, known) => Math.max(0, ...known.map((word) => likeness(asked, word)));

  const services = () => {
    const box = find("#services"), what = find("#what"), found = find("#found"), told = find("#found-text");
    if (!box) return;
    find("[data-search]", box).hidden = true;
    const cards = all("label.choice", box).map((label) => ({
      label, home: label.parentElement,
      keywords: label.dataset.keywords.split(" "), names: label.dataset.names.split(" "),
      button: find("input", label),
    }));
    const homes = all(".group", box);
    const show = () => {
      const points = new Map(cards.map((card) => [card, 0]));
      for (const word of words(what.value).filter((one) => one.length > 1)) {
        const fits = cards.map((card) => [card, Math.max(best(word, card.keywords), 0.9 * best(word, card.names))]);
        const sum = fits.reduce((total, [, fit]) => total + fit, 0);
        for (const [card, fit] of fits) if (fit) points.set(card, points.get(card) + fit / sum);
      }
      const top = Math.max(...points.values());
      const hits = top ? cards.filter((card) => points.get(card) >= top * 0.55) : [];
      hits.sort((a, b) => points.get(b) - points.get(a));
      for (const card of cards) if (card.home !== found && !hits.includes(card)) card.home.append(card.label);
      found.replaceChildren(...hits.map((card) => card.label));
      for (const home of homes) home.hidden = !find("label", home);
      find("#all").open = !hits.length;
      told.textContent = what.value.trim().length > 1 ? (hits.length ? box.dataset.some : box.dataset.none) : "";
    };
    for (const card of cards) if (card.home === found) card.home = homes.at(-1) || found;
    what.addEventListener("input", show);
    what.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      find("#found input")?.click();
      find("#found input")?.focus();
    });
    if (what.value) show();
  };

  const place = () => {
    const box = find("#place"), map = find("#map");
    if (!box) return;
    const [lat, lon] = ["lat", "lon"].map((name) => find(`input[name=${name}]`, box));
    const spot = find("#spot"), dot = find("#dot"), select = find("#neighbourhood"), whole = find("#whole");
    const number = (name) => +map.dataset[name];
    const full = map.getAttribute("viewBox");
    const areas = all("path", map);
    const chosen = () => areas.find((area) => area.id === `area-${select.value}`);
    const at = (x, y) => {
      const point = map.createSVGPoint();
      [point.x, point.y] = [x, y];
      return areas.find((area) => area.isPointInFill(point));
    };
    const say = (text, known) => {
      spot.hidden = false;
      find("span", spot).textContent = text;
      find("#forget").hidden = !known;
    };
    const zoom = (area) => {
      const { x, y, width, height } = area.getBBox();
      const side = Math.max(width, height) * 1.15;
      map.setAttribute("viewBox", `${x + (width - side) / 2} ${y + (height - side) / 2} ${side} ${side}`);
      dot.setAttribute("r", side / 45);
      whole.hidden = false;
    };
    const out = () => {
      map.setAttribute("viewBox", full);
      whole.hidden = true;
      if (lat.value) dot.setAttribute("r", 14);
    };
    const choose = (area) => {
      for (const one of areas) one.classList.toggle("here", one === area);
      if (area) select.value = area.id.slice("area-".length);
    };
    const mark = (x, y, area, text) => {
      lat.value = (number("north") - (y - number("margin")) / number("y")).toFixed(6);
      lon.value = (number("west") + (x - number("margin")) / number("x")).toFixed(6);
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", y);
      choose(area);
      zoom(area);
      say(`${text} ${select.selectedOptions[0].text}.`, true);
    };
    const forget = () => {
      lat.value = lon.value = "";
      dot.setAttribute("r", 0);
      spot.hidden = true;
    };
    const shown = (latitude, longitude, text) => {
      const x = number("margin") + (longitude - number("west")) * number("x");
      const y = number("margin") + (number("north") - latitude) * number("y");
      const area = at(x, y);
      if (area) mark(x, y, area, text);
      else say(box.dataset.outside, false);
    };
    find("#position").addEventListener("click", () => {
      say(box.dataset.finding, false);
      const refused = () => say(box.dataset.refused, false);
      if (!navigator.geolocation) return refused();
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => { find("#on-map").open = true; shown(coords.latitude, coords.longitude, box.dataset.here); },
        refused, { enableHighAccuracy: true, timeout: 15000 });
    });
    find("#forget").addEventListener("click", () => { forget(); find("#address").focus(); });
    whole.addEventListener("click", out);
    map.addEventListener("click", (event) => {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
      const area = at(x, y);
      if (!area) return;
      if (!whole.hidden) return mark(x, y, area, box.dataset.tapped);
      forget();
      choose(area);
      zoom(area);
      dot.setAttribute("r", 0);
      say(`${select.selectedOptions[0].text}. ${box.dataset.again}`, false);
    });
    select.addEventListener("change", () => { forget(); out(); choose(chosen()); });
    if (lat.value && lon.value) shown(+lat.value, +lon.value, box.dataset.tapped);
    else choose(chosen());
  };

  const SIDE = 1600;
  const small = async (file) => {
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
      if (scale === 1 && file.size < 500000) return file;
      const canvas = make("canvas", { width: image.width * scale, height: image.height * scale });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  };
  const photos = () => {
    const input = find("#photos"), list = find("#previews"), told = find("#photos-told");
    if (!input) return;
    const most = +input.dataset.most;
    let kept = [];
    const draw = () => {
      const files = new DataTransfer();
      for (const file of kept) files.items.add(file);
      input.files = files.files;
      list.hidden = !kept.length;
      for (const image of all("img", list)) URL.revokeObjectURL(image.src);
      list.replaceChildren(...kept.map((file, index) => {
        const alt = `${input.dataset.alt} ${index + 1}`, text = input.dataset.remove;
        const item = make("li"), image = make("img", { src: URL.createObjectURL(file), alt });
        const remove = make("button", { type: "button", className: "link", textContent: text, ariaLabel: `${text}: ${alt}` });
        remove.addEventListener("click", () => { kept = kept.filter((one) => one !== file); draw(); input.focus(); });
        item.append(image, remove);
        return item;
      }));
    };
    input.addEventListener("change", async () => {
      const chosen = await Promise.all([...input.files].map(small));
      told.hidden = kept.length + chosen.length <= most;
      told.textContent = told.hidden ? "" : input.dataset.tooMany;
      kept = [...kept, ...chosen].slice(0, most);
      draw();
    });
  };

  const sending = () => {
    const button = find("button[data-sending]");
    button?.form.addEventListener("submit", (event) => {
      if (event.submitter && event.submitter !== button) return;
      button.disabled = true;
      button.textContent = button.dataset.sending;
    });
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  };

  services();
  place();
  photos();
  sending();
})();
