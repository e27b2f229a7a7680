/* sphinx-postmortem: comforts only. Every page is complete without this script. */
(() => {
  "use strict";
  const MANY_ROWS = 6;
  const collator = new Intl.Collator(document.documentElement.lang || "en", { numeric: true, sensitivity: "base" });

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  /* The banner on pages that the theme makes alone, such as the search page. */
  function showBanner() {
    const meta = document.querySelector('meta[name="pm-edition"]');
    const main = document.querySelector('[role="main"], main, .body');
    if (meta && main && !document.querySelector(".pm-edition")) {
      main.prepend(make("p", { className: "pm-edition", textContent: meta.content }));
    }
  }

  function labelCells(table) {
    table.classList.add("pm-cards"); // on phones; the style sheet says how
    const titles = [...table.querySelectorAll("thead th")].map((th) => th.textContent.trim());
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, index) => {
        if (index > 0 && titles[index]) cell.dataset.pmLabel = titles[index];
      });
    }
  }

  function firstText(row) {
    return (row.querySelector(".pm-time") ?? row.cells[0]).textContent.trim();
  }

  function addCopyButtons(table) {
    for (const row of table.tBodies[0].rows) {
      const target = row.querySelector("td:first-child [id^='pm-']");
      if (!target) continue;
      const said = make("span", { className: "pm-copy-said" });
      said.setAttribute("role", "status");
      const button = make("button", { type: "button", className: "pm-copy", title: "Copy link to this row" }, said);
      button.setAttribute("aria-label", `Copy link to ${firstText(row)}`);
      button.addEventListener("click", async () => {
        const url = new URL(`#${target.id}`, document.location.href).href;
        try {
          await navigator.clipboard.writeText(url);
          said.textContent = "Copied";
        } catch {
          document.location.hash = target.id; // no clipboard here: the address bar has the link
          said.textContent = "See address bar";
        }
        setTimeout(() => { said.textContent = ""; }, 2000);
      });
      const place = row.cells[0].querySelector("a, .pm-time");
      if (place) place.after(button);
      else (row.cells[0].querySelector("p") ?? row.cells[0]).append(button);
    }
  }

  function text(row, index) {
    const cell = row.cells[index];
    if (!cell) return "";
    const copy = cell.cloneNode(true);
    copy.querySelectorAll(".pm-copy").forEach((button) => button.remove());
    return copy.textContent.trim();
  }

  /* The address keeps how each table is sorted and filtered: `?filter=…&sort=Due+date`. A table is told apart by the
     heading above it, so that a link stays right when tables come and go. */
  const tables = [];

  function keyOf(table) {
    const wrapper = table.closest(".table-wrapper, .pst-scrollable-table-container, .wy-table-responsive") ?? table;
    let before = wrapper.previousElementSibling;
    while (before && !(before.id && before.matches(".rubric, h1, h2, h3, h4"))) before = before.previousElementSibling;
    const name = before?.id ?? wrapper.closest("section[id]")?.id ?? "";
    const taken = tables.filter((other) => other.name === name).length;
    return { name, suffix: [name, taken ? taken + 1 : ""].filter(Boolean).map((part) => `-${part}`).join(""), wrapper };
  }

  function titleAbove(state) {
    const heading = state.name && document.getElementById(state.name);
    const text = heading?.matches("section") ? heading.querySelector("h1, h2, h3, h4, h5, h6") : heading;
    return text?.firstChild?.textContent.trim() ?? "";
  }

  function writeAddress(state, push) {
    const url = new URL(document.location.href);
    const values = { filter: state.words, sort: state.column < 0 ? "" : `${state.direction < 0 ? "-" : ""}${state.titles[state.column]}` };
    for (const [name, value] of Object.entries(values)) {
      if (value) url.searchParams.set(name + state.suffix, value);
      else url.searchParams.delete(name + state.suffix);
    }
    try {
      history[push ? "pushState" : "replaceState"](null, "", url);
    } catch { /* a file that is opened without a server: the table works, the address stays */ }
  }

  function readAddress(state) {
    const found = new URL(document.location.href).searchParams;
    state.words = found.get(`filter${state.suffix}`) ?? "";
    const sort = found.get(`sort${state.suffix}`) ?? "";
    state.column = state.titles.indexOf(sort.replace(/^-/, ""));
    state.direction = sort.startsWith("-") ? -1 : 1;
    show(state);
  }

  function show(state) {
    const { table, rows, column, direction } = state;
    let ordered = rows;
    if (column >= 0) {
      const keyed = rows.map((row) => [row, text(row, column)]);
      keyed.sort(([, left], [, right]) => {
        if (!left || !right) return (left ? 0 : 1) - (right ? 0 : 1); // empty cells stay last
        return direction * collator.compare(left, right);
      });
      ordered = keyed.map(([row]) => row);
    }
    if (ordered.some((row, index) => table.tBodies[0].rows[index] !== row)) table.tBodies[0].append(...ordered);
    [...table.tHead.rows[0].cells].forEach((th, index) => {
      if (index === column) th.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      else th.removeAttribute("aria-sort");
    });
    if (!state.input) return;
    const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) {
      state.contents ??= rows.map((row) => [...row.cells].map((_, index) => text(row, index)).join(" ").toLowerCase());
    }
    rows.forEach((row, index) => { row.hidden = !words.every((word) => state.contents[index].includes(word)); });
    const shown = rows.filter((row) => !row.hidden).length;
    state.status.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    if (state.input.value !== state.words) state.input.value = state.words;
  }

  function addSorting(state) {
    [...state.table.tHead.rows[0].cells].forEach((th, index) => {
      const button = make("button", { type: "button", className: "pm-sort", textContent: state.titles[index] });
      (th.querySelector("p") ?? th).replaceChildren(button);
      button.addEventListener("click", () => {
        state.direction = state.column === index && state.direction === 1 ? -1 : 1;
        state.column = index;
        show(state);
        writeAddress(state, true);
      });
    });
  }

  function addFilter(state) {
    if (state.rows.length < MANY_ROWS) return;
    const input = make("input", { type: "search", autocomplete: "off" });
    const title = titleAbove(state);
    if (title) input.setAttribute("aria-label", `Filter rows: ${title}`);
    state.status = make("span", {});
    state.status.setAttribute("role", "status");
    state.input = input;
    let typing = false; // one step back for a word, not for each of its letters
    input.addEventListener("input", () => {
      state.words = input.value;
      show(state);
      writeAddress(state, !typing);
      typing = true;
    });
    input.addEventListener("change", () => { typing = false; });
    state.wrapper.before(make("div", { className: "pm-filter" }, make("label", {}, "Filter rows: ", input), state.status));
  }

  /* The search: an id, or a part of one, gives its page first; results say how grave an incident was. */
  function idsFirst(query, results) {
    const whole = new Set(results.filter((result) => !result[2]).map((result) => result[0]));
    results = results.filter((result) => !(whole.has(result[0]) && result[2].startsWith("#pm-incident-")));
    const wanted = query.trim().toLowerCase().replace(/[\s\u2010-\u2015]+/g, "-");
    if (!/\d/.test(wanted) || wanted.length < 2) return results;
    const { docnames, filenames, titles, objects, objnames } = Search._index;
    const found = [];
    for (const [prefix, entries] of Object.entries(objects)) {
      for (const [page, type, , anchor, name] of entries) {
        const [domain, kind] = objnames[type];
        const id = prefix ? `${prefix}.${name}` : name;
        const at = id.toLowerCase().indexOf(wanted);
        const isAction = kind === "action";
        if (domain !== "postmortem" || at < 0 || !(isAction ? at + wanted.length > id.lastIndexOf("/") + 1 : kind === "incident")) continue;
        const said = isAction ? [id, `#${anchor}`, `action, in ${titles[page]}`] : [titles[page], "", null];
        const rank = (wanted.length < id.length ? 2 : 0) + (isAction ? 1 : 0);
        found.push([rank, id, [docnames[page], ...said, 1000, filenames[page], isAction ? "object" : "title"]]);
      }
    }
    found.sort((left, right) => right[0] - left[0] || -collator.compare(left[1], right[1]));
    const pages = new Set(found.map(([, , result]) => `${result[0]}${result[2]}`));
    const kept = results.filter((result) => !pages.has(`${result[0]}${result[2].startsWith("#pm-incident-") ? "" : result[2]}`));
    return [...kept, ...found.map(([, , result]) => result)]; // the last one is shown first
  }

  function improveSearch() {
    const perform = Search._performSearch, summarise = Search.makeSearchSummary, read = Search.htmlToText;
    if (perform) Search._performSearch = (query, ...rest) => idsFirst(query, perform(query, ...rest));
    const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
    Search.htmlToText = (html, ...rest) => {
      const page = parsed(html);
      page.querySelectorAll(".pm-edition, .pm-way, .pm-unread").forEach((part) => part.remove());
      return read(page.documentElement.outerHTML, ...rest);
    };
    Search.makeSearchSummary = (html, ...rest) => {
      const facts = parsed(html).querySelector('meta[name="pm-facts"]');
      const both = document.createDocumentFragment();
      if (facts) both.append(make("p", { className: "pm-facts-found", textContent: facts.content }));
      both.append(summarise(html, ...rest) ?? "");
      return both;
    };
  }

  showBanner();
  if (typeof Search !== "undefined" && Search.makeSearchSummary) improveSearch();
  for (const table of document.querySelectorAll("table.pm-table")) {
    if (!table.tHead || !table.tBodies[0]) continue;
    labelCells(table);
    addCopyButtons(table);
    if (table.matches(".pm-timeline, .pm-metrics, .pm-overview")) continue; // their order is their meaning, or ends in a sum
    const rows = [...table.tBodies[0].rows];
    const titles = [...table.tHead.rows[0].cells].map((th) => th.textContent.trim());
    const state = { table, rows, titles, words: "", column: -1, direction: 1, ...keyOf(table) };
    tables.push(state);
    addSorting(state);
    addFilter(state);
    readAddress(state);
  }
  addEventListener("popstate", () => tables.forEach(readAddress));
})();
