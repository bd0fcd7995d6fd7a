"use strict";
(() => {
  const form = document.getElementById("filters");
  const rule = document.getElementById("filter-rule"), severity = document.getElementById("filter-severity");
  const name = document.getElementById("filter-resource"), shown = document.getElementById("shown");
  const findings = [...document.querySelectorAll(".finding")], groups = [...document.querySelectorAll(".resource")];
  const rows = [...document.querySelectorAll(".coverage tbody tr")];
  const tables = [...document.querySelectorAll(".coverage table")];

  const showColumn = (table, wanted) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const hidden = column > 0 && wanted !== "" && head.dataset.rule !== wanted;
      if (head.hidden === hidden) return;
      for (const row of table.rows) row.cells[column].hidden = hidden;
    });
  };

  const apply = () => {
    const text = name.value.trim().toLowerCase();
    const named = (element) => text === "" || element.dataset.name.toLowerCase().includes(text);
    let visible = 0;
    for (const finding of findings) {
      finding.hidden = !((rule.value === "" || finding.dataset.rule === rule.value) &&
                         (severity.value === "" || finding.dataset.severity === severity.value) && named(finding));
      if (!finding.hidden) ++visible;
    }
    for (const group of groups) group.hidden = !group.querySelector(".finding:not([hidden])");
    for (const row of rows) row.hidden = !named(row);
    for (const table of tables) showColumn(table, rule.value);
    shown.textContent = `${visible} of ${findings.length} findings shown`;
  };

  form.hidden = false;
  for (const event of ["input", "change"]) form.addEventListener(event, apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  apply();
})();
