/* Lets today's own visits be looked up and recorded without the network (see kept-worker.js).

   It looks after /visits. Copies are pages made for it (…/kept), which leave out where a household in hiding is. What is kept
   of a press are the words typed about one visit, under the case's number, until they have been sent. */
"use strict";

importScripts("../static/vendor/idb-keyval.js", "../static/js/kept-worker.js");

const HOME = new URL("../visits", self.location).pathname;

keptWorker({
  name: "visits",
  home: HOME,
  press: /\/visits\/(\d+)\/attempts$/,
  copy: (path) => (path === HOME || /\/visits\/\d+$/.test(path) ? `${path}/kept` : path),
  entry: (typed, at) => ({
    result: typed.get("result"),
    on: typed.get("on") || null,
    rent: typed.get("rent") || null,
    items: typed.getAll("items"),
    kinds: typed.getAll("kinds"),
    note: typed.get("note") ?? "",
    linked_to: typed.get("linked_to") ?? "",
    happened_at: at,
  }),
});
