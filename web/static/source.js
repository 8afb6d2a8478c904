// On a narrow screen the contents start folded; then the cited words come into view.
const contents = document.querySelector(".toc details");
if (contents && matchMedia("(max-width: 60rem)").matches) contents.open = false;

const showMark = () => document.querySelector("mark")?.scrollIntoView({ block: "center" });
addEventListener("load", () => requestAnimationFrame(showMark));

// A link of the contents asks for its clause: fold the list away on a narrow screen.
contents?.addEventListener("click", (event) => {
  if (event.target.closest("a") && matchMedia("(max-width: 60rem)").matches) contents.open = false;
});
