/* sphinx-postmortem: the search page. An id, or a part of one, gives its page first; results say how grave an incident
   was. */
(() => {
  "use strict";
  if (typeof Search === "undefined" || !Search.makeSearchSummary) return;
  const collator = new Intl.Collator(document.documentElement.lang || "en", { numeric: true, sensitivity: "base" });

  const words = JSON.parse(document.querySelector('meta[name="pm-words"]')?.content ?? "{}");
  const say = (text, value) => (words[text] ?? text).replace("{page}", () => value);

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
        const said = isAction ? [id, `#${anchor}`, say("action, in {page}", titles[page])] : [titles[page], "", null];
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
      if (facts) both.append(Object.assign(document.createElement("p"), { className: "pm-facts-found", textContent: facts.content }));
      both.append(summarise(html, ...rest) ?? "");
      return both;
    };
  }

  improveSearch();
})();
