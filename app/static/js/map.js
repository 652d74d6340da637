/* Homes and anchors on a map. Every [data-map] names a JSON block:
     { "centre": [lat, lon], "zoom": 14, "tiles": true,
       "homes":   [{ "lat", "lon", "label", "url"?, "links"? [{label, url}], "number"?, "group": "fits"|"near"|"unknown", "precision_m"? }],
       "together": true,   // homes that would cover each other share a pin with their number
       "anchors": [{ "lat", "lon", "label", "sign"?, "radius_m"? }] }
   precision_m is how far off the point may be (a town's centre: 100–300 m) and is drawn as a dashed circle.
   Tiles come from 国土地理院 when the network allows; otherwise the points stand on plain ground.
   The page lists the same homes beside the map: the map adds, it does not hold anything alone. */
(() => {
  "use strict";

  const TILES = "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png";
  const SOURCE = '<a href="https://maps.gsi.go.jp/development/ichiran.html">国土地理院</a>';
  const FAILURES_BEFORE_PLAIN = 3;
  const TOUCHING = 34; // pixels

  function pin(text, className) {
    const sign = document.createElement("span");
    sign.textContent = text;
    return L.divIcon({ className: `map-pin ${className}`, html: sign, iconSize: [text.length > 2 ? 14 + 8 * text.length : 30, 30] });
  }

  function balloon(place) {
    if (place.links) {
      const list = document.createElement("ul");
      list.className = "map-links";
      for (const link of place.links) {
        const entry = document.createElement("li");
        entry.append(balloon(link));
        list.append(entry);
      }
      return list;
    }
    const body = document.createElement(place.url ? "a" : "span");
    if (place.url) body.href = place.url;
    body.textContent = place.label;
    return body;
  }

  function circle(place, metres, className) {
    return L.circle([place.lat, place.lon], { radius: metres, className, interactive: false });
  }

  function addTiles(map, note) {
    let failures = 0;
    let loaded = 0;
    const tiles = L.tileLayer(TILES, { maxZoom: 18, minZoom: 8, attribution: SOURCE });
    tiles.on("tileload", () => { loaded += 1; });
    tiles.on("tileerror", () => {
      failures += 1;
      if (loaded === 0 && failures >= FAILURES_BEFORE_PLAIN && map.hasLayer(tiles)) {
        map.removeLayer(tiles);
        if (note) note.textContent += note.dataset.mapNote;
      }
    });
    tiles.addTo(map);
  }

  function homePin(home) {
    return L.marker([home.lat, home.lon], { icon: pin(String(home.number ?? ""), `map-pin-${home.group}`), title: home.label, alt: home.label })
      .bindPopup(() => balloon(home));
  }

  // Several homes behind one pin: their number, and all of them in the balloon.
  function sharedPin(homes) {
    const label = `${homes.length}件: ${homes.map((home) => home.label).join("、")}`;
    const kinds = new Set(homes.map((home) => home.group));
    const group = kinds.size === 1 ? homes[0].group : "mixed";
    const links = homes.map((home) => ({ label: home.label, url: home.url }));
    return L.marker([homes[0].lat, homes[0].lon], { icon: pin(`${homes.length}件`, `map-pin-${group} map-pin-many`), title: label, alt: label })
      .bindPopup(() => balloon({ links }));
  }

  function gather(map, homes) {
    const heaps = [];
    for (const home of homes) {
      const at = map.latLngToLayerPoint([home.lat, home.lon]);
      const heap = heaps.find((one) => one.at.distanceTo(at) < TOUCHING);
      if (heap) heap.homes.push(home);
      else heaps.push({ at, homes: [home] });
    }
    return heaps.map(({ homes: mine }) => (mine.length === 1 ? homePin(mine[0]) : sharedPin(mine)));
  }

  const drawn = new Map();

  function draw(box) {
    drawn.get(box)?.remove();
    const places = JSON.parse(document.getElementById(box.dataset.map).textContent);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(box, { scrollWheelZoom: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still });
    drawn.set(box, map);
    map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false }).addTo(map);
    const anchors = [];
    for (const anchor of places.anchors ?? []) {
      if (anchor.radius_m) circle(anchor, anchor.radius_m, "map-reach").addTo(map);
      anchors.push(L.marker([anchor.lat, anchor.lon], { icon: pin(anchor.sign ?? "★", "map-pin-anchor"), zIndexOffset: -1000, title: anchor.label, alt: anchor.label }));
    }
    const homes = places.homes ?? [];
    for (const home of homes) if (home.precision_m) circle(home, home.precision_m, "map-vague").addTo(map);
    const points = [...(places.anchors ?? []), ...homes].map((place) => [place.lat, place.lon]);
    if (places.centre) map.setView(places.centre, places.zoom ?? 14);
    else if (points.length) map.fitBounds(L.latLngBounds(points).pad(0.15), { maxZoom: 15 });
    else map.setView([35.4887, 139.4076], 13);
    L.featureGroup(anchors).addTo(map);
    const pins = L.layerGroup().addTo(map);
    const place = () => {
      pins.clearLayers();
      for (const one of places.together ? gather(map, homes) : homes.map(homePin)) pins.addLayer(one);
    };
    place();
    if (places.together) map.on("zoomend", place);
    if (places.tiles !== false) addTiles(map, box.parentElement.querySelector("[data-map-note]"));
  }

  document.querySelectorAll("[data-map]").forEach(draw);
  // A part of the page that was asked for again comes with an empty box.
  document.addEventListener("htmx:after:swap", () => document.querySelectorAll("[data-map]").forEach(draw));
})();
