/* Handing out without the network: keeps today's parcels for this person on this device, tells what waits to be
   sent, and sends it when there is a network again. The worker (parcels-worker.js) does the rest.
   A browser that cannot keep pages works as before, with the network only. */
(() => {
  "use strict";

  if (!("serviceWorker" in navigator) || !window.caches || !window.idbKeyval) return;

  const config = document.getElementById("parcels-config")?.dataset;
  const viewer = document.body.dataset.viewer;
  if (!config || !viewer) return;

  const QUEUE = idbKeyval.createStore("tsunagi-parcels", "queue");
  const AGAIN_MS = 30000;
  const RECENT_MS = 5 * 60000; // every copy counts as a look at the parcel: not more often than this
  const dayInJapan = new Date(Date.now() + 9 * 3600000).toISOString().slice(0, 10);
  const shelf = `parcels:${viewer}:${dayInJapan}`;
  const region = document.querySelector("[data-parcels-queue]");

  const queue = async () => (await idbKeyval.entries(QUEUE)).map(([key, kept]) => ({ key, ...kept }));
  const mine = (kept) => kept.viewer === viewer;

  // ---- Keep ------------------------------------------------------------------------------------
  // The list and every parcel on it; what is no longer on the list is let go of.
  async function keepPages() {
    const links = [...document.querySelectorAll("[data-keep-pages] a[href]")].map((link) => new URL(link.href).pathname);
    if (!document.querySelector("[data-keep-pages]")) return;
    const wanted = [config.list, config.noNetwork, ...links.flatMap((path) => [path, `${path}/left-out`])];
    const cache = await caches.open(shelf);
    const held = await cache.keys();
    await Promise.all(held.filter(({ url }) => !wanted.includes(new URL(url).pathname)).map((one) => cache.delete(one)));
    let kept = 0;
    for (const path of wanted) {
      if (isRecent(await cache.match(path))) {
        kept += 1;
        continue;
      }
      const answer = await fetch(path, { credentials: "same-origin" }).catch(() => null);
      if (answer?.ok && !answer.redirected) {
        await cache.put(path, answer);
        kept += 1;
      }
    }
    for (const link of document.querySelectorAll('link[rel="stylesheet"], script[src], link[rel="icon"]')) {
      const address = link.href ?? link.src; // the first page was loaded before the worker could see what it needs
      const answer = await fetch(address).catch(() => null);
      if (answer?.ok) await (await caches.open("parcels-assets")).put(address, answer);
    }
    document.documentElement.dataset.parcelsKept = String(kept);
  }

  const isRecent = (copy) => copy && Date.now() - Date.parse(copy.headers.get("Date")) < RECENT_MS;

  // ---- Show ------------------------------------------------------------------------------------
  function say(kind, words, action) {
    const line = document.createElement("div");
    line.className = `notice notice-${kind}`;
    line.append(Object.assign(document.createElement("p"), { textContent: words }));
    if (action) line.append(action);
    region.append(line);
  }

  function letGoButton(kept) {
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "button button-small", textContent: "紙に控えた。この端末から消す",
    });
    button.addEventListener("click", async () => {
      if (!window.confirm(`${kept.number} の記録を、この端末から消します。よろしいですか。`)) return;
      await idbKeyval.del(kept.key, QUEUE);
      await show();
    });
    return button;
  }

  const clock = (iso) => new Date(iso).toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" });
  let trouble = ""; // why the queue did not go out, when it is not simply the network

  async function show() {
    const all = await queue();
    warnBeforeSigningOut(all.filter(mine).length);
    hideHandedOut(all);
    if (!region) return;
    region.replaceChildren();
    const waiting = all.filter((kept) => mine(kept) && !kept.refused);
    if (waiting.length) {
      const which = waiting.map((kept) => `${kept.number}（${clock(kept.report.handed_at)}）`).join("、");
      say("info", `渡した記録を、この端末に ${waiting.length}件 預かっています：${which}。${trouble || "つながったら、自動で送ります。"}`);
    }
    for (const kept of all.filter((one) => mine(one) && one.refused)) say("bad", `${kept.number}：${kept.refused}`, letGoButton(kept));
    const others = all.filter((kept) => !mine(kept)).length;
    if (others) say("warn", `ほかの人が渡した記録が ${others}件、この端末に残っています。その人がサインインすると送られます。`);
    for (const words of told) say(...words);
  }

  // A parcel that waits in the queue is done for whoever holds the phone.
  function hideHandedOut(all) {
    const parcels = new Set(all.map((kept) => kept.parcel));
    const form = document.querySelector("form[data-hand-out]");
    if (form && parcels.has(Number(form.dataset.handOut))) {
      form.hidden = true;
      document.querySelector("[data-handed-out-here]")?.removeAttribute("hidden");
    }
    for (const link of document.querySelectorAll("[data-keep-pages] a[href]")) {
      const number = Number(/(\d+)$/.exec(new URL(link.href).pathname)?.[1]);
      const word = parcels.has(number) ? "預かり済み" : sent.has(number) ? "お渡し済み" : "";
      const row = link.closest("li");
      if (word) row.dataset.handedOut = word;
      else delete row.dataset.handedOut;
    }
  }

  function warnBeforeSigningOut(count) {
    const form = document.querySelector("form[data-sign-out]");
    if (!form) return;
    if (count) form.dataset.confirm = `まだ送っていないお渡しの記録が ${count}件 あります。次にあなたがこの端末でサインインすると送られます。サインアウトしますか。`;
    else delete form.dataset.confirm;
  }

  // ---- Send ------------------------------------------------------------------------------------
  const sent = new Set(); // parcels told of since this page was opened
  const told = []; // what the service said about what was sent from this page
  let sending = false;

  async function send() {
    const waiting = (await queue()).filter((kept) => mine(kept) && !kept.refused);
    if (!waiting.length || sending || !navigator.onLine) return show();
    sending = true;
    try {
      await sendAll(waiting);
    } catch {
      // no network after all; the next try is already planned
    } finally {
      sending = false;
    }
    return show();
  }

  async function sendAll(waiting) {
    const standing = await fetch(config.standing, { redirect: "manual" });
    trouble = standing.ok ? "" : standing.type === "opaqueredirect" ? "サインインし直すと、送られます。" : "";
    if (!standing.ok) return;
    const { token } = await standing.json();
    for (const kept of waiting) {
      const answer = await fetch(config.send.replace("/0/", `/${kept.parcel}/`), {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, "Idempotency-Key": `late:${kept.key}` },
        body: JSON.stringify(kept.report),
      });
      if (answer.status >= 500 || [401, 408, 429].includes(answer.status)) return; // later
      const said = await answer.json();
      if (said.code === "csrf") return; // later, with a new token
      if (answer.ok) {
        await idbKeyval.del(kept.key, QUEUE);
        sent.add(kept.parcel);
        told.push([said.outcome === "reported" ? "bad" : "good", `${kept.number}：${said.sentence}`]);
      } else {
        await idbKeyval.set(kept.key, { ...kept, key: undefined, refused: said.message ?? "送れませんでした。紙に控えて、責任者に渡してください。" }, QUEUE);
      }
    }
    await keepPages();
  }

  // The frame's words about a lost network are for forms; here a press is kept.
  function sayKept() {
    const strip = document.querySelector("[data-offline]");
    if (strip && document.querySelector("[data-keep-pages], form[data-hand-out]")) strip.textContent = "いまは圏外です。お渡しの記録は、この端末に預かって、あとで送ります。";
  }

  // ---- Start -----------------------------------------------------------------------------------
  navigator.serviceWorker.register(config.worker, { scope: config.list }).then(() => navigator.serviceWorker.ready).then(keepPages).catch(() => {});
  window.addEventListener("online", send);
  setInterval(send, AGAIN_MS);
  sayKept();
  send();
})();
