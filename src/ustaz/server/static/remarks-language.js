/** Remarks on a workbook's page in another language, when the page has changed its own. */
export async function translate(held, address) {
  try {
    const reply = await fetch(address);
    if (!reply.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = new Map([...page.querySelectorAll("article")].map((article) => [article.id, article]));
    for (const article of held.flatMap((aside) => [...aside.querySelectorAll("article")])) {
      const other = fresh.get(article.id);
      // What somebody has begun to answer stays as it stands.
      const area = article.querySelector("textarea");
      if (!other || area?.value || (area && area === document.activeElement)) continue;
      for (const back of other.querySelectorAll("[name=back]")) back.value = location.pathname;
      article.replaceWith(other);
      for (const place of other.querySelectorAll("[data-writing]")) {
        place.dispatchEvent(new CustomEvent("ustaz-writing", { bubbles: true }));
      }
    }
  } catch {
    // Without a connection they stay in the language in which they were.
  }
}
