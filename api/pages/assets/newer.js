"use strict";
// A page that stays open says that the county has changed since, and offers to show it as it is now. Nothing hangs on it.
(() => {
  const box = document.getElementById("newer");
  if (!box) return;
  let seen = null, timer = 0;
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("/county-version", { headers: { Accept: "application/json" } });
      if (!answer.ok) { if (answer.status < 429) clearInterval(timer); return; }
      const { version } = await answer.json();
      if (seen === null) { seen = version; return; }
      if (version === seen) return;
      clearInterval(timer);
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = "Show it as it is now";
      box.append("Something has changed in the county since you opened this page. ", link);
      box.classList.add("govuk-inset-text");
    } catch (away) { /* asked again in half a minute */ }
  };
  timer = setInterval(ask, 30000);
  document.addEventListener("visibilitychange", ask);
  ask();
})();
