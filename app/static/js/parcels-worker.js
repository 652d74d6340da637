/* Lets the pages of today's parcels work without the network.

   It looks after /food/parcels and nothing else. Pages come from the network; only when there is none, their
   copies of today are shown, which parcels.js put into the cache of the person signed in. A press of 「渡した」 that
   finds no network goes into the queue (IndexedDB), which holds numbers and times and no word about anybody. */
"use strict";

importScripts("../../static/vendor/idb-keyval.js");

const QUEUE = idbKeyval.createStore("tsunagi-parcels", "queue");
const ASSETS = "parcels-assets";
const PAGES = "parcels:"; // parcels:<viewer>:<day in Japan>
const PATIENCE_MS = 6000; // a network that answers later than this is none at the table
const HOME = new URL("../parcels", self.location).pathname;
const HAND_OUT = /\/food\/parcels\/(\d+)\/hand-out$/;

const dayInJapan = () => new Date(Date.now() + 9 * 3600000).toISOString().slice(0, 10);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && HAND_OUT.test(url.pathname)) event.respondWith(handOut(request, url));
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
  return (await copyOf(url.pathname)) ?? (await copyOf(`${HOME}/no-network`)) ?? Response.error();
}

async function handOut(request, url) {
  const typed = await request.clone().formData();
  try {
    // Without a limit of time: a press that arrived late is still one hand-out, and waiting is no loss.
    const answer = await fetch(request);
    if (answer.status < 502) return answer;
  } catch {
    // no network: kept below
  }
  await idbKeyval.set(typed.get("idempotency_key"), {
    viewer: typed.get("kept_for"),
    parcel: Number(HAND_OUT.exec(url.pathname)[1]),
    number: typed.get("number"),
    report: {
      left_out: typed.getAll("left_out").map(Number),
      allergen_sheet: typed.has("allergen_sheet"),
      condition_seen: typed.has("condition_seen"),
      note: typed.get("note") ?? "",
      handed_at: new Date().toISOString(),
    },
  }, QUEUE);
  return Response.redirect(HOME, 303);
}
