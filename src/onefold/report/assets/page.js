// Extras; the page is whole without them. Sorts tables and copies commands.
"use strict";
(() => {
  const make = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text, className: name });

  const status = make("p", "", "hidden");
  status.setAttribute("role", "status");
  document.body.append(status);

  for (const box of document.querySelectorAll(".command")) {
    const button = make("button", "Copy", "copy");
    const text = box.querySelector("code").textContent;
    button.type = "button";
    button.setAttribute("aria-label", `Copy: ${text}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = status.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; status.textContent = ""; }, 1500);
      } catch {
        getSelection().selectAllChildren(box.querySelector("code"));
      }
    });
    box.append(button);
  }

  const key = (row, n) => {
    let column = 0;
    for (const cell of row.cells) {
      if (column + cell.colSpan > n) {
        const text = cell.textContent.trim();
        const number = parseFloat(text.replace(/[,%<]/g, ""));
        return { text, number: cell.classList.contains("n") && !Number.isNaN(number) ? number : null };
      }
      column += cell.colSpan;
    }
    return { text: "", number: null };
  };
  const compare = (a, b) =>
    a.number !== null && b.number !== null ? a.number - b.number
      : (b.number !== null) - (a.number !== null) || (a.text === "") - (b.text === "") || a.text.localeCompare(b.text);

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, n) => {
      const button = make("button", head.textContent, "sort");
      button.type = "button";
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === (head.classList.contains("n") ? null : "ascending")
          || (head.classList.contains("n") && head.getAttribute("aria-sort") !== "descending");
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [key(row, n), row]);
        rows.sort(([a], [b]) => (down ? -1 : 1) * compare(a, b));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
      head.replaceChildren(button);
    });
  }

  // What is wider than the screen can be scrolled with the keyboard.
  const reach = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      box.toggleAttribute("tabindex", false);
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    }
  };
  new ResizeObserver(reach).observe(document.body);
  document.addEventListener("toggle", reach, true);
})();
