// Says when the page is no longer live, and leaves it when the login has ended.
// Without this file the page still works: it is only not told of what happens next.
"use strict";
for (const [event, line] of [
  ["htmx:sse:after:connection", "live"],
  ["htmx:sse:error", "lost"],
  ["htmx:error", "lost"],
]) {
  document.addEventListener(event, () => { document.body.dataset.line = line; });
}
// A page without a stream is told by each answer that the hub is there again.
document.addEventListener("htmx:after:swap", () => {
  if (!document.getElementById("line")) { delete document.body.dataset.line; }
});
document.addEventListener("over", () => { window.location.replace("/login"); });
