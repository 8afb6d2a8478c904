// Runs once for each part of the conversation: `element` is the part, `trigger` tells the server,
// `watch` hears of new content.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ask]");
  if (button) trigger("ask", { question: button.dataset.ask });
});

// The newest question is kept in view while its answer grows, until the reader scrolls away.
const bar = () => document.getElementById("top")?.offsetHeight ?? 0;
let following = true;
for (const name of ["wheel", "touchmove"])
  addEventListener(name, () => { following = false; }, { passive: true });

watch("value", () => {
  const turn = element.querySelector(".turn");
  if (!turn || element.parentElement?.closest("#current") === null) return;
  if (turn.getAttribute("aria-busy") && turn.querySelector(".waiting")) following = true;
  if (!following) return;
  const top = turn.getBoundingClientRect().top + scrollY - bar() - 12;
  scrollTo({ top: Math.min(top, document.documentElement.scrollHeight - innerHeight) });
});
