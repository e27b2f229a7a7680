/* sphinx-postmortem: comforts only. Every page is complete without this script. */
(() => {
  "use strict";
  const MANY_ROWS = 6;

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

  function addSorting(table) {
    const collator = new Intl.Collator(document.documentElement.lang || "en", { numeric: true, sensitivity: "base" });
    [...table.tHead.rows[0].cells].forEach((th, index) => {
      const button = make("button", { type: "button", className: "pm-sort", textContent: th.textContent.trim() });
      (th.querySelector("p") ?? th).replaceChildren(button);
      button.addEventListener("click", () => {
        const direction = th.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        th.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => {
          const [left, right] = [text(a, index), text(b, index)];
          if (!left || !right) return (left ? 0 : 1) - (right ? 0 : 1); // empty cells stay last
          return direction * collator.compare(left, right);
        });
        table.tBodies[0].append(...rows);
      });
    });
  }

  function addFilter(table) {
    if (table.tBodies[0].rows.length < MANY_ROWS) return;
    const input = make("input", { type: "search", autocomplete: "off" });
    const status = make("span", {});
    status.setAttribute("role", "status");
    const label = make("label", {}, "Filter rows: ", input);
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const rows = [...table.tBodies[0].rows];
      for (const row of rows) {
        const content = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => content.includes(word));
      }
      const shown = rows.filter((row) => !row.hidden).length;
      status.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    });
    (table.closest(".table-wrapper, .pst-scrollable-table-container, .wy-table-responsive") ?? table)
      .before(make("div", { className: "pm-filter" }, label, status));
  }

  showBanner();
  for (const table of document.querySelectorAll("table.pm-table")) {
    if (!table.tHead || !table.tBodies[0]) continue;
    labelCells(table);
    addCopyButtons(table);
    if (table.classList.contains("pm-timeline")) continue; // its order is its meaning
    addSorting(table);
    addFilter(table);
  }
})();
