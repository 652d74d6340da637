/* Lets the pages of today's parcels work without the network (see kept-worker.js).

   It looks after /food/parcels. What it keeps of a press of 「渡した」 holds numbers and times and no word about anybody. */
"use strict";

importScripts("../../static/vendor/idb-keyval.js", "../../static/js/kept-worker.js");

keptWorker({
  name: "parcels",
  home: new URL("../parcels", self.location).pathname,
  press: /\/food\/parcels\/(\d+)\/hand-out$/,
  copy: (path) => path,
  entry: (typed, at) => ({
    left_out: typed.getAll("left_out").map(Number),
    allergen_sheet: typed.has("allergen_sheet"),
    condition_seen: typed.has("condition_seen"),
    note: typed.get("note") ?? "",
    handed_at: at,
  }),
});
