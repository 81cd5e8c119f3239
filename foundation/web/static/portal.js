// Small comforts on top of pages that work without them.
(() => {
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // What is wrong is read first.
  const focusProblems = () => document.querySelector(".error-summary")?.focus();

  // A second click sends nothing: the button keeps its word but rests until the answer comes.
  // The server absorbs repeats by the form's key as well.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
  });
  const wake = () => each("form[data-sent]", (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  document.addEventListener("htmx:afterRequest", wake);

  // The bulk bar comes with the first tick and says how many, and whether they can be done together:
  // ticks carry data-stage; the marks are those of parts/bulk.html.
  const tally = (form) => {
    const bar = form.querySelector(".bulk");
    const ticks = [...form.querySelectorAll("[data-stage]:checked")];
    const stages = [...new Set(ticks.map((tick) => tick.dataset.stage))];
    const together = stages.length === 1;
    bar.hidden = ticks.length === 0;
    bar.querySelector("[data-bulk-chosen]").textContent = `已选 ${ticks.length} 件`;
    bar.querySelector("[data-bulk-words]").textContent =
      together ? `，都是${stages[0]}，可以一起办。` : "，环节不同，不能一起办。请只选同一环节的。";
    bar.querySelectorAll("[data-bulk-count]").forEach((place) => { place.textContent = ` ${ticks.length} 件`; });
    bar.querySelectorAll("button").forEach((button) => { button.disabled = !together; });
  };
  const startBulk = () => each("form[data-bulk]", (form) => {
    if (form.querySelector(".bulk")) tally(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (form?.querySelector(".bulk")) tally(form);
  });

  each("[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  document.addEventListener("htmx:afterSettle", startBulk);
  startBulk();
  focusProblems();
})();
