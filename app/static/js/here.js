/* [data-here]: a form that is sent with the present position, once, by the press of its button.
   The position goes into two hidden fields of that request and is kept nowhere; refused, it is said beside the button. */
(() => {
  "use strict";

  for (const form of document.querySelectorAll("[data-here]")) {
    form.addEventListener("submit", (event) => {
      if (form.elements.latitude.value !== "") return;
      event.preventDefault();
      const said = form.querySelector("[data-here-said]");
      if (!navigator.geolocation) {
        said.textContent = "この機器では、いまの場所が分かりません。";
        return;
      }
      said.textContent = "場所を調べています…";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.latitude.value = coords.latitude.toFixed(4);
          form.elements.longitude.value = coords.longitude.toFixed(4);
          form.requestSubmit();
        },
        () => {
          said.textContent = "場所を使えませんでした。ブラウザーで許すか、出発を選んでください。";
        },
        { timeout: 15000, maximumAge: 60000 },
      );
    });
  }
})();
