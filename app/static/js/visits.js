/* Visits without the network: what kept.js keeps and says of today's own households. */
(() => {
  "use strict";

  const config = document.getElementById("visits-config")?.dataset;
  const RESULTS = { met: "会えた", spoke: "電話で話せた", absent: "不在", no_answer: "応答なし", worrying: "気になる" };
  const numberOf = (link) => Number(/\/visits\/(\d+)$/.exec(new URL(link.href).pathname)?.[1]);

  window.keptPages({
    name: "visits",
    config,
    page: "[data-visits-queue], form[data-visit]",
    words: {
      held: (n) => `訪問の記録を、この端末に ${n}件 預かっています`,
      others: (n) => `ほかの人の訪問の記録が ${n}件、この端末に残っています。その人がサインインすると送られます。`,
      sign_out: (n) => `まだ送っていない訪問の記録が ${n}件 あります。`,
      strip: "いまは圏外です。訪問の記録は、この端末に預かって、あとで送ります。",
      lost: "送れませんでした。紙に控えて、担当に伝えてください。",
      // A worry does not wait for the network.
      urgent: (waiting) => (waiting.some(({ report }) => report.result === "worrying") ? "「気になる」は、まだ送られていません。先に電話で、相談の担当に伝えてください。" : ""),
      refused: ({ report }) => `（${RESULTS[report.result] ?? ""}${report.note ? `：${report.note}` : ""}）`,
    },
    // The list made for keeping says which visits there are now; each has a page made for keeping.
    async wanted(cache) {
      if (!document.querySelector("[data-keep-visits]")) return null;
      const list = `${config.list}/kept`;
      const answer = await fetch(list, { credentials: "same-origin" }).catch(() => null);
      if (!answer?.ok || answer.redirected) return null;
      await cache.put(list, answer.clone());
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const paths = [...page.querySelectorAll("[data-kept-visits] a[href]")].map((link) => `${link.getAttribute("href")}/kept`);
      return [list, ...paths];
    },
    // A visit that waits in the queue is recorded for whoever holds the phone.
    mark(all, sent) {
      const visits = new Map(all.map((kept) => [kept.record, kept]));
      const form = document.querySelector("form[data-visit]");
      const closes = (kept) => kept && !["absent", "no_answer"].includes(kept.report.result);
      if (form && closes(visits.get(Number(form.dataset.visit)))) {
        form.hidden = true;
        document.querySelector("[data-visited-here]")?.removeAttribute("hidden");
      }
      for (const link of document.querySelectorAll("[data-visit-rows] a[href], [data-kept-visits] a[href]")) {
        const number = numberOf(link);
        const kept = visits.get(number);
        const row = link.closest("li");
        if (kept) row.dataset.kept = `預かり済み（${RESULTS[kept.report.result] ?? ""}）`;
        else if (sent.has(number)) row.dataset.kept = "送りました";
        else delete row.dataset.kept;
        row.classList.toggle("kept-done", Boolean(closes(kept) || sent.has(number)));
      }
    },
  });
})();
