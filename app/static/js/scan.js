/* Codes into fields: by camera where there is one, by a scanner that types and ends with Enter, by hand.
   Every [data-scan] holds one text input; [data-scan-sends] sends its form as soon as a code is in it.
   The browser's own BarcodeDetector is taken where it reads our kinds; otherwise the reader named by this
   script's data-reader (ZXing, plain JavaScript) is loaded when the camera is opened for the first time.
   [data-fills] holds chips: a tap fills the field it names; data-fill-on chips leave the cursor behind it. */
(() => {
  "use strict";

  const KINDS = ["ean_13", "ean_8", "upc_a", "qr_code"];
  const EVERY_MS = 200;
  const reader = document.currentScript.dataset.reader;
  let stop = () => {};

  // ---- Reading a picture --------------------------------------------------------------------
  async function ownDetector() {
    if (!("BarcodeDetector" in window)) return null;
    const known = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
    if (!known.includes("ean_13") || !known.includes("qr_code")) return null;
    const detector = new window.BarcodeDetector({ formats: KINDS.filter((kind) => known.includes(kind)) });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }

  let loading = null;
  function load(url) {
    loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = done;
      script.onerror = () => { loading = null; failed(new Error(url)); };
      document.head.append(script);
    });
    return loading;
  }

  async function loadedDetector() {
    await load(reader);
    const { BarcodeFormat, BinaryBitmap, DecodeHintType, HTMLCanvasElementLuminanceSource, HybridBinarizer, MultiFormatReader } = window.ZXing;
    const formats = [BarcodeFormat.EAN_13, BarcodeFormat.EAN_8, BarcodeFormat.UPC_A, BarcodeFormat.QR_CODE];
    const zxing = new MultiFormatReader();
    zxing.setHints(new Map([[DecodeHintType.POSSIBLE_FORMATS, formats], [DecodeHintType.TRY_HARDER, true]]));
    const canvas = document.createElement("canvas");
    return async (video) => {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0);
      try {
        const picture = new BinaryBitmap(new HybridBinarizer(new HTMLCanvasElementLuminanceSource(canvas)));
        return zxing.decodeWithState(picture).getText();
      } catch {
        return null; // nothing to be read in this picture
      }
    };
  }

  // ---- The camera ---------------------------------------------------------------------------
  async function open(scan) {
    stop();
    const view = scan.querySelector("[data-scan-view]");
    const said = scan.querySelector("[data-scan-said]");
    const video = view.querySelector("video");
    view.hidden = false;
    said.textContent = "カメラを開いています…";
    let stream = null;
    let on = true;
    stop = () => {
      on = false;
      stream?.getTracks().forEach((track) => track.stop());
      view.hidden = true;
      stop = () => {};
    };
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      if (!on) { stream.getTracks().forEach((track) => track.stop()); return; }
      video.srcObject = stream;
      await video.play();
      const detect = (await ownDetector()) ?? (await loadedDetector());
      said.textContent = "バーコードかQRを、枠いっぱいに写してください。";
      while (on) {
        const code = video.videoWidth ? await detect(video).catch(() => null) : null;
        if (code && on) { stop(); take(scan, code); return; }
        await new Promise((next) => setTimeout(next, EVERY_MS));
      }
    } catch (error) {
      if (!on) return;
      stream?.getTracks().forEach((track) => track.stop());
      said.textContent = error.name === "NotAllowedError"
        ? "カメラを使えません。ブラウザーの設定でカメラを許可するか、数字を手で入れてください。"
        : "カメラで読み取れません。数字を手で入れてください。";
    }
  }

  function take(scan, code) {
    const input = scan.querySelector("input:not([type=hidden])");
    input.value = code;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    navigator.vibrate?.(60);
    if ("scanSends" in scan.dataset) input.form.requestSubmit();
    else input.focus();
  }

  // ---- A scanner types and ends with Enter: not the end of a form with more to fill in -------
  document.addEventListener("keydown", (event) => {
    const scan = event.target.closest("[data-scan]");
    if (event.key !== "Enter" || !scan || "scanSends" in scan.dataset || !event.target.matches("input")) return;
    event.preventDefault();
    const fields = [...event.target.form.elements].filter((one) => one.type !== "hidden" && one.offsetParent !== null);
    fields[fields.indexOf(event.target) + 1]?.focus();
  });

  // ---- Chips --------------------------------------------------------------------------------
  function fill(chip) {
    const input = document.getElementById(chip.closest("[data-fills]").dataset.fills);
    input.value = chip.dataset.fill;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    if ("fillOn" in chip.dataset) input.focus();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-scan-open]");
    if (opener) open(opener.closest("[data-scan]"));
    if (event.target.closest("[data-scan-close]")) stop();
    const chip = event.target.closest("[data-fill]");
    if (chip) fill(chip);
  });
  window.addEventListener("pagehide", () => stop());

  document.querySelectorAll("[data-fills]").forEach((chips) => { chips.hidden = false; });
  // At a desk the scanner types at once; on a phone a focus would bring up the keyboard over the page.
  if (window.matchMedia("(pointer: fine)").matches) document.querySelector("[data-scan-sends] input:not([type=hidden])")?.focus();
  if (navigator.mediaDevices?.getUserMedia) {
    document.querySelectorAll("[data-scan-open]").forEach((button) => { button.hidden = false; });
  }
})();
