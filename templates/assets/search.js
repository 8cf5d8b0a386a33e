/* Search in a Serial where no server answers: reads search.json, and nothing else. Without it the page lacks nothing. */
"use strict";

(() => {
  const form = document.querySelector("form.search");
  if (!form || location.protocol === "file:") return;
  const field = form.elements.q;
  const status = document.querySelector(".search-status");
  const list = document.querySelector(".search-found");
  const { none, found, failed } = form.dataset;
  const MOST = 50;
  const PART = /[^][\u0300-\u036f\u3099\u309a\uff9e\uff9f]*/gu;
  let served, sessions, timer, asked = 0;

  /* Widths, cases and both kana are one; `at` leads from each folded letter to the place it came from. */
  const fold = (text) => {
    const at = [];
    let folded = "";
    for (const part of text.matchAll(PART)) {
      const plain = part[0].normalize("NFKC").toLowerCase()
        .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
      for (let unit = 0; unit < plain.length; unit++) at.push([part.index, part.index + part[0].length]);
      folded += plain;
    }
    return { text, folded, at };
  };

  const words = (query) => [...new Set(fold(query).folded.split(/\s+/).filter(Boolean))];

  const hits = ({ folded, at }, terms) => {
    const spans = [];
    for (const term of terms) {
      for (let place = folded.indexOf(term); place >= 0; place = folded.indexOf(term, place + term.length)) {
        spans.push([at[place][0], at[place + term.length - 1][1]]);
      }
    }
    return spans.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  };

  const marked = (text, spans, first = 0, last = text.length) => {
    const pieces = document.createDocumentFragment();
    let done = first;
    for (const [start, end] of spans) {
      if (start < done || end > last) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      pieces.append(text.slice(done, start), mark);
      done = end;
    }
    pieces.append(text.slice(done, last));
    return pieces;
  };

  const excerpt = (field, terms) => {
    const spans = hits(field, terms);
    const first = spans.length ? Math.max(0, spans[0][0] - 40) : 0;
    const last = Math.min(field.text.length, first + 160);
    const box = document.createElement("p");
    box.append(first ? "…" : "", marked(field.text, spans, first, last), last < field.text.length ? "…" : "");
    return box;
  };

  const row = ({ session, title, rest }, terms) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = session.url;
    link.append(marked(title.text, hits(title, terms)));
    const about = document.createElement("small");
    about.textContent = [session.day, ...session.speakers].filter(Boolean).join(" · ");
    item.append(link, " ", about, excerpt(rest, terms));
    return item;
  };

  const load = async () => {
    const read = async (url) => {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(url);
      return answer.json();
    };
    const index = await read(form.dataset.index);
    const shelves = index.files ? await Promise.all(index.files.map(read)) : [index];
    return shelves.flatMap((shelf) => shelf.sessions).map((session) => {
      const all = [session.title, session.day, ...session.speakers, session.text].join("\n");
      return { session, title: fold(session.title), rest: fold(session.text), folded: fold(all).folded };
    });
  };

  const search = async () => {
    const turn = ++asked;
    const terms = words(field.value);
    let rows = [], said = "";
    if (terms.length) {
      try {
        const all = await (sessions ??= load());
        const matching = all.filter(({ folded }) => terms.every((term) => folded.includes(term)));
        const weight = ({ title }) => terms.filter((term) => title.folded.includes(term)).length;
        matching.sort((one, other) => weight(other) - weight(one));
        said = matching.length ? found.replace("{count}", matching.length) : none;
        rows = matching.slice(0, MOST).map((match) => row(match, terms));
      } catch {
        sessions = undefined;
        said = failed;
      }
    }
    if (turn !== asked) return;
    list.replaceChildren(...rows);
    status.textContent = said;
  };

  const ask = () => (served ??= fetch(form.action, { method: "HEAD" }).then((answer) => answer.ok, () => false));

  field.addEventListener("focus", ask);
  field.addEventListener("input", async () => {
    clearTimeout(timer);
    if (!(await ask())) timer = setTimeout(search, 150);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    if (await ask()) form.submit();
    else search();
  });
  form.hidden = false;
})();
