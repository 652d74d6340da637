/* Small comforts on top of pages that work without them:
   the error summary takes the focus · a form is sent once · typing survives a lost session ·
   data-confirm asks first · "/" goes to the search box · offline strip · tick counts · htmx sends the CSRF token ·
   data-live forms keep the address up to date. */
(() => {
  "use strict";

  const KEPT = "kept:";
  const KEPT_HOURS = 12;
  const UNLOCK_AFTER_MS = 10000; // a download leaves the page in place: the button must come back

  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  // Attributes, not properties: a field named "method" or "id" hides the form's own (a consent has one).
  const posts = (form) => form.getAttribute("method") === "post";

  // ---- Error summary -----------------------------------------------------------------------
  function focusErrorSummary(root = document) {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  // ---- Sent once ---------------------------------------------------------------------------
  // The server's idempotency key is the promise; this only spares people the doubt.
  function lock(form, submitter) {
    form.dataset.sent = "yes";
    // After the event, so that the button's own name and value still go along.
    setTimeout(() => submitter?.setAttribute("aria-disabled", "true"), 0);
    setTimeout(() => unlock(form), UNLOCK_AFTER_MS);
  }

  function unlock(form) {
    delete form.dataset.sent;
    form.querySelectorAll('[type="submit"][aria-disabled="true"]').forEach((b) => b.removeAttribute("aria-disabled"));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (!posts(form) || form.hasAttribute("hx-post")) return;
    if (event.submitter?.formTarget === "_blank") return; // a paper in a tab of its own; the form goes on here
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    // Sending one form takes the page away: the others' typing is kept now, or asked about where it may not be kept.
    for (const other of [...waiting.keys()].filter((one) => one !== form)) keepNow(other);
    if ([...unkept].some((other) => other !== form && other.isConnected) && !window.confirm("ほかの欄に、まだ記録していない入力があります。このまま進むと消えます。進みますか。")) {
      event.preventDefault();
      return;
    }
    if ("signOut" in form.dataset) forgetAll();
    else markSent(form);
    lock(form, event.submitter);
  });

  // ---- Typing kept for this tab --------------------------------------------------------------
  // sessionStorage ends with the tab; entries carry the viewer's key, so nobody is offered another's
  // words; signing out clears them. Passwords, codes, files and hidden fields are never kept.
  const viewer = () => document.body.dataset.viewer;

  function keepable(form) {
    return posts(form) && form.dataset.keep !== "off" && !form.querySelector('[type="password"], [autocomplete="one-time-code"]');
  }

  // By where a form goes to, so that a refused form, shown at that address, finds its words at the page it came from.
  function keyOf(form) {
    const id = form.getAttribute("id");
    const goes = id ? `${location.pathname}:${id}` : form.getAttribute("action") || `${location.pathname}:`;
    return `${KEPT}${viewer()}:${goes}`;
  }

  function valuesOf(form) {
    const values = {};
    for (const control of form.elements) {
      if (!control.name || ["hidden", "file", "submit", "button"].includes(control.type)) continue;
      if (["checkbox", "radio"].includes(control.type)) {
        (values[control.name] ??= []);
        if (control.checked) values[control.name].push(control.value);
      } else if (control.value !== undefined) {
        values[control.name] = control.value;
      }
    }
    return values;
  }

  function putBack(form, values) {
    for (const control of form.elements) {
      if (!(control.name in values)) continue;
      const value = values[control.name];
      if (Array.isArray(value)) control.checked = value.includes(control.value);
      else if (!["hidden", "file"].includes(control.type)) control.value = value;
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function read(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function write(key, entry) {
    try {
      sessionStorage.setItem(key, JSON.stringify(entry));
    } catch {
      // A full or forbidden store only means there is nothing to offer later.
    }
  }

  function keptKeys() {
    try {
      return Object.keys(sessionStorage).filter((key) => key.startsWith(KEPT));
    } catch {
      return [];
    }
  }

  // Pages of today's parcels and visits are kept for whoever goes with them (kept.js): for that person and that day only.
  function forgetPages() {
    const today = new Date(Date.now() + 9 * 3600000).toISOString().slice(0, 10);
    const allowed = `${viewer()}:${today}`;
    const isOld = (name) => /^(parcels|visits):/.test(name) && name.slice(name.indexOf(":") + 1) !== allowed;
    window.caches?.keys().then((names) => names.filter(isOld).forEach((name) => caches.delete(name)));
  }

  const forgetAll = () => keptKeys().forEach((key) => sessionStorage.removeItem(key));

  const waiting = new Map(); // forms whose typing will be kept in a moment
  const unkept = new Set(); // forms with typing that may not be kept
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !viewer()) return;
    if (!keepable(form)) {
      if (posts(form) && event.target.matches("textarea")) unkept.add(form);
      return;
    }
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keepNow(form), 300));
  });

  function keepNow(form) {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    write(keyOf(form), { at: Date.now(), sent: false, values: valuesOf(form) });
  }

  function markSent(form) {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    if (viewer() && keepable(form)) write(keyOf(form), { at: Date.now(), sent: true, values: valuesOf(form) });
  }

  function reviewKept() {
    // What was sent and answered with an ordinary page has arrived (or came back filled in, with its
    // errors). What was answered with the sign-in page or an error page has not.
    const arrived = viewer() && document.body.dataset.page !== "error";
    const wentBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    for (const key of keptKeys()) {
      const entry = read(key);
      const tooOld = !entry || Date.now() - entry.at > KEPT_HOURS * 3600000;
      const someoneElse = viewer() && !key.startsWith(`${KEPT}${viewer()}:`);
      if (tooOld || someoneElse || (entry.sent && arrived && !wentBack)) sessionStorage.removeItem(key);
      else if (entry.sent) write(key, { ...entry, sent: false });
    }
  }

  function offerKept() {
    const template = document.getElementById("kept-typing");
    if (!viewer() || !template) return;
    for (const form of document.forms) {
      if (!keepable(form)) continue;
      const key = keyOf(form);
      const entry = read(key);
      if (!entry || JSON.stringify(entry.values) === JSON.stringify(valuesOf(form))) continue;
      const offer = template.content.firstElementChild.cloneNode(true);
      const at = new Date(entry.at);
      offer.querySelector("[data-kept-at]").textContent = at.toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" });
      offer.querySelector("[data-kept-restore]").addEventListener("click", () => {
        putBack(form, entry.values);
        offer.remove();
        form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
      });
      offer.querySelector("[data-kept-drop]").addEventListener("click", () => {
        sessionStorage.removeItem(key);
        offer.remove();
      });
      form.prepend(offer);
    }
  }

  // ---- Small things ----------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    if (event.key === "Escape") closeMenus();
  });

  function closeMenus(except) {
    document.querySelectorAll("details.viewer[open]").forEach((menu) => {
      if (menu.contains(except)) return;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    });
  }

  document.addEventListener("click", (event) => {
    closeMenus(event.target);
    if (event.target.closest("[data-print]")) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy) copyFrom(copy);
    const asked = event.target.closest("a[data-confirm]");
    if (asked && !window.confirm(asked.dataset.confirm)) event.preventDefault();
  });

  // Buttons that copy are drawn hidden: without a clipboard the text stands there to be marked by hand.
  function offerCopies() {
    if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  }

  async function copyFrom(button) {
    const source = document.getElementById(button.dataset.copy);
    source.select();
    await navigator.clipboard.writeText(source.value);
    button.textContent = "コピーしました";
  }

  function showNetwork() {
    document.querySelectorAll("[data-offline]").forEach((strip) => { strip.hidden = navigator.onLine; });
  }

  function countTicks(form) {
    const out = form?.querySelector("[data-tick-count]");
    if (!out) return;
    out.textContent = String(ticksOf(form).filter((tick) => tick.checked).length);
    out.closest("[hidden]")?.removeAttribute("hidden"); // shown only where it is counted
  }

  // A box may stand outside its form: what belongs to the form counts, not what lies in it.
  const ticksOf = (form) => [...form.elements].filter((one) => one.matches("[data-tick]"));

  // Ticks of a [data-keep-ticks] form outlive what reloads the page under them – another form, a look at a
  // page and back – until the form itself is sent. Only boxes that are still there are ticked again.
  const ticksKey = () => `${KEPT}${viewer()}:ticks:${location.pathname}`;

  function keepTicks(form) {
    if (!viewer() || !form?.matches("[data-keep-ticks]")) return;
    write(ticksKey(), { at: Date.now(), sent: false, values: ticksOf(form).filter((tick) => tick.checked).map((tick) => tick.value) });
  }

  function tickAgain(form) {
    const kept = viewer() && form.matches("[data-keep-ticks]") ? read(ticksKey()) : null;
    for (const tick of ticksOf(form)) if (kept?.values.includes(tick.value)) tick.checked = true;
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick]")) return;
    countTicks(event.target.form);
    keepTicks(event.target.form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-keep-ticks]") && !event.defaultPrevented) sessionStorage.removeItem(ticksKey());
  });

  // ---- htmx ------------------------------------------------------------------------------------
  document.addEventListener("htmx:config:request", (event) => {
    const { request } = event.detail.ctx;
    if (request.method !== "GET") request.headers["X-CSRFToken"] = meta("csrf-token");
  });
  document.addEventListener("htmx:before:response", (event) => {
    // A session that ended: open the whole page again instead of swapping the sign-in page into a corner.
    const { raw, status } = event.detail.ctx.response;
    const came = raw.redirected && raw.url ? new URL(raw.url).pathname : null;
    const other = came && came !== new URL(event.detail.ctx.request.action, location.href).pathname;
    const back = event.detail.ctx.target?.id === "main" && came === location.pathname; // sent, and back on the same page
    if (status === 401 || (other && !back && event.detail.ctx.target !== document.body)) {
      event.preventDefault();
      location.assign(status === 401 ? location.href : raw.url);
    }
  });
  document.addEventListener("htmx:after:swap", (event) => focusErrorSummary(event.target));
  // What a [data-live] form asked for stands in the address, so that back, reload and a copied link show it again.
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (!sourceElement?.matches("[data-live]") || !response?.raw?.url) return;
    const asked = new URL(response.raw.url);
    const said = new URLSearchParams([...asked.searchParams].filter(([, value]) => value !== ""));
    history.replaceState(history.state, "", asked.pathname + (said.size ? `?${said}` : ""));
  });

  // ---- Start -----------------------------------------------------------------------------------
  window.addEventListener("online", showNetwork);
  window.addEventListener("offline", showNetwork);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) unlock(form);
  });
  forgetPages();
  reviewKept();
  offerKept();
  offerCopies();
  showNetwork();
  for (const form of document.forms) {
    tickAgain(form);
    countTicks(form);
  }
  focusErrorSummary();
})();
