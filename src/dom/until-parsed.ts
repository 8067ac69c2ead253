/** Resolves once the browser has read `page` to its end. */
export async function untilParsed(page: Document): Promise<void> {
  if (page.readyState !== "loading") return;
  await new Promise((resolve) => page.addEventListener("DOMContentLoaded", resolve, { once: true }));
}
