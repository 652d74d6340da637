/* Handing out without the network: what kept.js keeps and says of today's parcels. */
(() => {
  "use strict";

  const config = document.getElementById("parcels-config")?.dataset;
  const links = () => [...document.querySelectorAll("[data-keep-pages] a[href]")];

  window.keptPages({
    name: "parcels",
    config,
    page: "[data-keep-pages], form[data-hand-out]",
    words: {
      held: (n) => `渡した記録を、この端末に ${n}件 預かっています`,
      others: (n) => `ほかの人が渡した記録が ${n}件、この端末に残っています。その人がサインインすると送られます。`,
      sign_out: (n) => `まだ送っていないお渡しの記録が ${n}件 あります。`,
      strip: "いまは圏外です。お渡しの記録は、この端末に預かって、あとで送ります。",
      lost: "送れませんでした。紙に控えて、責任者に渡してください。",
    },
    async wanted() {
      if (!document.querySelector("[data-keep-pages]")) return null;
      const paths = links().map((link) => new URL(link.href).pathname);
      return [config.list, ...paths.flatMap((path) => [path, `${path}/left-out`])];
    },
    // A parcel that waits in the queue is done for whoever holds the phone.
    mark(all, sent) {
      const parcels = new Set(all.map((kept) => kept.record ?? kept.parcel));
      const form = document.querySelector("form[data-hand-out]");
      if (form && parcels.has(Number(form.dataset.handOut))) {
        form.hidden = true;
        document.querySelector("[data-handed-out-here]")?.removeAttribute("hidden");
      }
      for (const link of links()) {
        const number = Number(/(\d+)$/.exec(new URL(link.href).pathname)?.[1]);
        const word = parcels.has(number) ? "預かり済み" : sent.has(number) ? "お渡し済み" : "";
        const row = link.closest("li");
        if (word) row.dataset.handedOut = word;
        else delete row.dataset.handedOut;
      }
    },
  });
})();
