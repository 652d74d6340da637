/* Working without the network: keeps the day's pages for this person on this device, tells what waits to be sent, and sends
   it when there is a network again. A worker (kept-worker.js) does the rest; parcels.js and visits.js say what is kept.
   A browser that cannot keep pages works as before, with the network only.

   feature: name, config (addresses: list, worker, standing, no-network, send), wanted(cache) the paths to keep or null,
            page (selector of pages it is for), words {held, others, sign_out, strip, letGo, lost}, mark(all, sent). */
window.keptPages = (feature) => {
  "use strict";

  const viewer = document.body.dataset.viewer;
  if (!("serviceWorker" in navigator) || !window.caches || !window.idbKeyval || !feature.config || !viewer) return;

  const { config, name, words } = feature;
  const QUEUE = idbKeyval.createStore(`tsunagi-${name}`, "queue");
  const AGAIN_MS = 30000;
  const RECENT_MS = 5 * 60000; // every copy counts as a look at the record: not more often than this
  const dayInJapan = new Date(Date.now() + 9 * 3600000).toISOString().slice(0, 10);
  const shelf = `${name}:${viewer}:${dayInJapan}`;
  const region = document.querySelector(`[data-${name}-queue]`);

  const queue = async () => (await idbKeyval.entries(QUEUE)).map(([key, kept]) => ({ key, ...kept }));
  const mine = (kept) => kept.viewer === viewer;

  // ---- Keep ------------------------------------------------------------------------------------
  // The list and every record on it; what is no longer on the list is let go of.
  async function keepPages() {
    const cache = await caches.open(shelf);
    const paths = await feature.wanted(cache);
    if (!paths) return;
    const wanted = [...paths, config.noNetwork];
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
      if (answer?.ok) await (await caches.open(`${name}-assets`)).put(address, answer);
    }
    document.documentElement.dataset[`${name}Kept`] = String(kept);
  }

  const isRecent = (copy) => copy && Date.now() - Date.parse(copy.headers.get("Date")) < RECENT_MS;

  // ---- Show ------------------------------------------------------------------------------------
  function say(kind, said, action) {
    const line = document.createElement("div");
    line.className = `notice notice-${kind}`;
    line.append(Object.assign(document.createElement("p"), { textContent: said }));
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
    feature.mark(all, sent);
    if (!region) return;
    region.replaceChildren();
    const waiting = all.filter((kept) => mine(kept) && !kept.refused);
    if (waiting.length) {
      const which = waiting.map((kept) => `${kept.number}（${clock(kept.pressed_at ?? kept.report.handed_at)}）`).join("、");
      say("info", `${words.held(waiting.length)}：${which}。${trouble || "つながったら、自動で送ります。"}`);
      if (words.urgent?.(waiting)) say("bad", words.urgent(waiting));
    }
    for (const kept of all.filter((one) => mine(one) && one.refused)) say("bad", `${kept.number}：${kept.refused}${words.refused?.(kept) ?? ""}`, letGoButton(kept));
    const others = all.filter((kept) => !mine(kept)).length;
    if (others) say("warn", words.others(others));
    for (const line of told) say(...line);
  }

  function warnBeforeSigningOut(count) {
    const form = document.querySelector("form[data-sign-out]");
    if (!form) return;
    const waiting = { ...JSON.parse(form.dataset.waiting ?? "{}"), [name]: count ? words.sign_out(count) : "" };
    form.dataset.waiting = JSON.stringify(waiting);
    const said = Object.values(waiting).join("");
    if (said) form.dataset.confirm = `${said}次にあなたがこの端末でサインインすると送られます。サインアウトしますか。`;
    else delete form.dataset.confirm;
  }

  // ---- Send ------------------------------------------------------------------------------------
  const sent = new Set(); // records told of since this page was opened
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
      const record = kept.record ?? kept.parcel;
      const answer = await fetch(config.send.replace("/0/", `/${record}/`), {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, "Idempotency-Key": `late:${kept.key}` },
        body: JSON.stringify(kept.report),
      });
      if (answer.status >= 500 || [401, 408, 429].includes(answer.status)) return; // later
      const said = await answer.json();
      if (said.code === "csrf") return; // later, with a new token
      if (answer.ok) {
        await idbKeyval.del(kept.key, QUEUE);
        sent.add(record);
        told.push([said.outcome === "reported" ? "bad" : "good", `${kept.number}：${said.sentence}`]);
      } else {
        await idbKeyval.set(kept.key, { ...kept, key: undefined, refused: said.message ?? words.lost }, QUEUE);
      }
    }
    await keepPages();
  }

  // ---- Start -----------------------------------------------------------------------------------
  navigator.serviceWorker.register(config.worker, { scope: config.list }).then(() => navigator.serviceWorker.ready).then(keepPages).catch(() => {});
  window.addEventListener("online", send);
  setInterval(send, AGAIN_MS);
  // The frame's words about a lost network are for forms; here a press is kept.
  const strip = document.querySelector("[data-offline]");
  if (strip && document.querySelector(feature.page)) strip.textContent = words.strip;
  send();
};
