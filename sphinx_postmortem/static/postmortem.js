/* sphinx-postmortem: comforts only. Every page is complete without this script. */
(() => {
  "use strict";
  const MANY_ROWS = 6;
  const collator = new Intl.Collator(document.documentElement.lang || "en", { numeric: true, sensitivity: "base" });

  /* In other languages the page holds our words. */
  const words = JSON.parse(document.querySelector('meta[name="pm-words"]')?.content ?? "{}");
  const say = (text, values) => (words[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);

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

  function labelCells(table, titles) {
    table.classList.add("pm-cards"); // on phones; the style sheet says how
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, index) => {
        if (index > 0 && titles[2] && titles[index]) cell.dataset.pmLabel = titles[index];
      });
    }
  }

  function addCopyButtons(table) {
    for (const row of table.tBodies[0].rows) {
      const target = row.querySelector("td:first-child [id^='pm-']:not([id^='pm-year-'])");
      if (!target) continue;
      const said = make("span", { className: "pm-copy-said", role: "status" });
      const button = make("button", { type: "button", className: "pm-copy", title: say("Copy link to this row"), ariaLabel: say("Copy link to {row}", { row: (row.querySelector(".pm-time") ?? row.cells[0]).textContent.trim() }) }, said);
      button.addEventListener("click", async () => {
        const url = new URL(`#${target.id}`, location).href;
        try {
          await navigator.clipboard.writeText(url);
          said.textContent = say("Copied");
        } catch {
          location.hash = target.id; // no clipboard here: the address bar has the link
          said.textContent = say("See address bar");
        }
        setTimeout(() => { said.textContent = ""; }, 2000);
      });
      const place = row.cells[0].querySelector("a, .pm-time");
      if (place) place.after(button);
      else (row.cells[0].querySelector("p") ?? row.cells[0]).append(button);
    }
  }

  const text = (row, index) => row.cells[index]?.textContent.trim() ?? "";

  /* The address keeps how tables are sorted and filtered: `?filter=…&sort=Due+date&severity=SEV-1,SEV-2`. A table is
     told apart by the heading above it, so that a link stays right when tables come and go. */
  const tables = [], filters = [], facets = [];

  function keyOf(table) {
    const wrapper = table.closest(".table-wrapper, .pst-scrollable-table-container, .wy-table-responsive") ?? table;
    let before = wrapper.closest(".pm-faceted") ?? wrapper.closest("details") ?? wrapper;
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

  const address = () => new URLSearchParams(location.search);

  function keep(values, push) {
    const url = new URL(location);
    for (const [name, value] of Object.entries(values)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    try {
      history[push ? "pushState" : "replaceState"](null, "", url);
    } catch { /* a file that is opened without a server: the table works, the address stays */ }
  }

  function sort({ table, rows, column, direction }) {
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
      th.ariaSort = index !== column ? null : direction > 0 ? "ascending" : "descending";
    });
  }

  function addSorting(state) {
    [...state.table.tHead.rows[0].cells].forEach((th, index) => {
      const button = make("button", { type: "button", className: "pm-sort", textContent: state.titles[index] });
      (th.querySelector("p") ?? th).replaceChildren(button);
      button.addEventListener("click", () => {
        state.direction = state.column === index && state.direction === 1 ? -1 : 1;
        state.column = index;
        sort(state);
        keep({ [`sort${state.suffix}`]: (state.direction < 0 ? "-" : "") + state.titles[index] }, true);
      });
    });
  }

  /* One field filters the rows of one table, or of all tables of a page that belong together. */
  function addFilter(states, place, title, suffix) {
    const rows = states.flatMap((state) => state.rows);
    if (rows.length < MANY_ROWS) return;
    const input = make("input", { type: "search", autocomplete: "off" });
    if (title) input.ariaLabel = say("Filter rows: {table}", { table: title });
    const status = make("span", { role: "status" });
    const filter = {
      name: `filter${suffix}`,
      count() {
        const shown = rows.filter((row) => getComputedStyle(row).display !== "none").length;
        status.textContent = shown < rows.length ? say("{shown} of {all} rows", { shown, all: rows.length }) : "";
      },
      show(value) {
        const words = value.toLowerCase().split(/\s+/).filter(Boolean);
        if (words.length) filter.contents ??= rows.map((row) => [...row.cells].map((_, index) => text(row, index)).join(" ").toLowerCase());
        rows.forEach((row, index) => { row.hidden = !words.every((word) => filter.contents[index].includes(word)); });
        for (const { table, rows: own } of states) {
          const found = own.some((row) => !row.hidden);
          table.hidden = !found;
          const fold = table.closest("details.pm-fold");
          if (fold) fold.hidden = !found;
          if (fold && words.length) { opened.set(fold, opened.get(fold) ?? fold.open); fold.open = found; }
          else if (opened.has(fold)) { fold.open = opened.get(fold); opened.delete(fold); }
        }
        filter.count();
        input.value = value;
      },
    };
    const opened = new Map(); // the folds, as the reader had them
    let typing = false; // one step back for a word, not for each of its letters
    input.addEventListener("input", () => {
      filter.show(input.value);
      keep({ [filter.name]: input.value }, !typing);
      typing = true;
    });
    input.addEventListener("change", () => { typing = false; });
    place.before(make("div", { className: "pm-filter" }, make("label", {}, say("Filter rows: "), input), status));
    filters.push(filter);
    return filter;
  }

  /* The boxes work by themselves; here the address learns what is chosen, and the filter counts. */
  function addFacets(list, filter) {
    const boxes = [...list.querySelectorAll(".pm-facets input")];
    const nameOf = (box) => box.name.replace(/^pm-f/, "").replace(/^(\d*)-(.*)$/, "$2$1");
    list.addEventListener("change", () => {
      const values = Object.fromEntries(boxes.map((box) => [nameOf(box), []]));
      boxes.forEach((box) => { if (box.checked) values[nameOf(box)].push(box.value); });
      keep(Object.fromEntries(Object.entries(values).map(([name, chosen]) => [name, chosen.join(",")])), true);
      filter?.count();
    });
    facets.push(() => {
      const found = address();
      boxes.forEach((box) => { box.checked = (found.get(nameOf(box)) ?? "").toLowerCase().split(",").includes(box.value.toLowerCase()); });
      filter?.count();
    });
  }

  function readAddress() {
    const found = address();
    for (const state of tables) {
      const wanted = found.get(`sort${state.suffix}`) ?? "";
      state.column = state.titles.indexOf(wanted.replace(/^-/, ""));
      state.direction = wanted.startsWith("-") ? -1 : 1;
      sort(state);
    }
    filters.forEach((filter) => filter.show(found.get(filter.name) ?? ""));
    facets.forEach((read) => read());
  }

  showBanner();
  for (const table of document.querySelectorAll("table.pm-table")) {
    if (!table.tHead || !table.tBodies[0]) continue;
    const titles = [...table.tHead.rows[0].cells].map((th) => th.textContent.trim());
    labelCells(table, titles);
    addCopyButtons(table);
    if (table.matches(".pm-timeline, .pm-metrics, .pm-overview")) continue; // their order is their meaning, or ends in a sum
    const rows = [...table.tBodies[0].rows];
    const state = { table, rows, titles, column: -1, direction: 1, ...keyOf(table) };
    tables.push(state);
    addSorting(state);
    if (table.closest(".pm-owners, .pm-faceted") || titles.length < 3) continue; // a name and a value need no filter
    addFilter([state], state.wrapper, titleAbove(state), state.suffix);
  }
  for (const list of document.querySelectorAll(".pm-owners, .pm-faceted")) {
    const own = tables.filter(({ table }) => list.contains(table)), [first] = own;
    if (list.matches(".pm-owners")) addFilter(own, list, say("all owners"), "");
    else addFacets(list, addFilter(own, list.querySelector(".pm-fold") ?? first.wrapper, titleAbove(first), first.suffix));
  }
  readAddress();
  addEventListener("popstate", readAddress);
})();
