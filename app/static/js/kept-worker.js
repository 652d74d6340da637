/* What the workers of pages without a network share. A worker looks after one part of the service and nothing else.

   Pages come from the network; only when there is none, their copies of today are shown, which kept.js put into the
   cache of the person signed in. A press that finds no network goes into the queue (IndexedDB). */
"use strict";

/* feature: name (of caches and queue), home (path of the list), press (regular expression of a path whose POST is kept, the
   record's number its first group), copy (path of the copy shown for a path), entry (what to keep of a pressed form). */
self.keptWorker = (feature) => {
  const QUEUE = idbKeyval.createStore(`tsunagi-${feature.name}`, "queue");
  const ASSETS = `${feature.name}-assets`;
  const PAGES = `${feature.name}:`; // parcels:<viewer>:<day in Japan>
  const PATIENCE_MS = 6000; // a network that answers later than this is none at the table or on a doorstep
  const dayInJapan = () => new Date(Date.now() + 9 * 3600000).toISOString().slice(0, 10);

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.method === "POST" && feature.press.test(url.pathname)) event.respondWith(pressed(request, url));
    else if (request.method !== "GET") return;
    else if (url.pathname.includes("/static/")) event.respondWith(asset(request));
    else if (request.mode === "navigate") event.respondWith(page(request, url));
  });

  function inTime(request) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    return fetch(request, { signal: patience.signal }).finally(() => clearTimeout(timer));
  }

  // The pages name what they load by address; the newest copy is good enough while there is no network.
  async function asset(request) {
    const kept = await caches.open(ASSETS);
    try {
      const answer = await fetch(request);
      if (answer.ok) await kept.put(request, answer.clone());
      return answer;
    } catch (error) {
      const copy = await kept.match(request, { ignoreSearch: true });
      if (copy) return copy;
      throw error;
    }
  }

  async function copyOf(address) {
    const names = await caches.keys();
    for (const name of names.filter((one) => one.startsWith(PAGES))) {
      if (!name.endsWith(dayInJapan())) await caches.delete(name);
      else {
        const copy = await (await caches.open(name)).match(address);
        if (copy) return copy;
      }
    }
    return undefined;
  }

  async function page(request, url) {
    try {
      const answer = await inTime(request);
      if (answer.status < 502) return answer; // 502 to 504: somebody between us and the service has no network
    } catch {
      // no network: below
    }
    return (await copyOf(feature.copy(url.pathname))) ?? (await copyOf(`${feature.home}/no-network`)) ?? Response.error();
  }

  async function pressed(request, url) {
    const typed = await request.clone().formData();
    try {
      // Without a limit of time: a press that arrived late is still one press, and waiting is no loss.
      const answer = await fetch(request);
      if (answer.status < 502) return answer;
    } catch {
      // no network: kept below
    }
    await idbKeyval.set(typed.get("idempotency_key"), {
      viewer: typed.get("kept_for"),
      record: Number(feature.press.exec(url.pathname)[1]),
      number: typed.get("number"),
      pressed_at: new Date().toISOString(),
      report: feature.entry(typed, new Date().toISOString()),
    }, QUEUE);
    return Response.redirect(feature.home, 303);
  }
};
