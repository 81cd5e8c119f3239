// Without a choice of the visitor's own the page follows the system's wish for dark. In the head: nothing flashes.
(() => {
  const page = document.documentElement;
  if (!page.hasAttribute("data-follow-system")) return;
  const wish = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { page.dataset.bsTheme = wish.matches ? "dark" : "light"; };
  follow();
  wish.addEventListener("change", follow);
})();
