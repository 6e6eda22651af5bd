"use strict";
// What happens to a run, as it happens: the part of the page that tells how far it is, asked for again when there is news.
(() => {
  const box = document.getElementById("progress");
  if (!box || !window.EventSource) return;
  const stream = new EventSource(box.dataset.events);
  let asking = false, more = false;
  const show = async () => {
    more = true;
    if (asking) return;
    asking = true;
    while (more) {
      more = false;
      try {
        const answer = await fetch(box.dataset.levels, { headers: { Accept: "text/html" } });
        if (answer.ok) box.innerHTML = await answer.text();
      } catch (away) { /* it is asked again with the next news */ }
      await new Promise((go) => setTimeout(go, 1000));
    }
    asking = false;
  };
  for (const name of ["started", "progress", "cancelling", "interrupted"]) stream.addEventListener(name, show);
  for (const name of ["succeeded", "failed", "cancelled"]) {
    stream.addEventListener(name, () => { stream.close(); location.reload(); });
  }
  document.getElementById("by-hand").hidden = true;
})();
