// All scripts of the desk: its Content-Security-Policy forbids scripts inside of pages.
"use strict";

// Datasette's column menu reads this variable.
window.DATASETTE_ALLOW_FACET = true;

document.addEventListener("DOMContentLoaded", () => {
  const names = {
    _filter_column: "Column to filter by",
    _filter_op: "Comparison",
    _filter_value: "Value",
    _sort: "Sort by",
    sql: "SQL",
  };
  for (const field of document.querySelectorAll("select, input, textarea")) {
    const name = names[field.name.replace(/_\d+$/, "")];
    if (name && !field.labels?.length) field.setAttribute("aria-label", name);
  }
  // Datasette skips the second level of headings.
  for (const heading of document.querySelectorAll("body:not(.desk-page) main h3"))
    heading.setAttribute("aria-level", "2");
  for (const wrapper of document.querySelectorAll(".table-wrapper")) {
    wrapper.tabIndex = 0;
    wrapper.setAttribute("role", "region");
    wrapper.setAttribute("aria-label", "Rows");
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[open]"))
    if (!menu.contains(event.target) && menu.closest("header, .page-header")) menu.open = false;
});
