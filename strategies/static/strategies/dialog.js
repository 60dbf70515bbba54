/** A link that leads to a page which asks "really?" opens the same question in a dialog, where the page has one. */

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-dialog], a[data-close]") : null;
  if (!link) return;
  const named = link.getAttribute("data-dialog");
  const dialog = named ? document.getElementById(named) : link.closest("dialog");
  // On the page itself "no" is a way back, not a way to close.
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  if (named) dialog.showModal();
  else dialog.close();
});
