// "Use where I am now": asks the device, fills the form, sends it. Without scripts the form is not there.
export function startHere(root = document) {
  for (const form of root.querySelectorAll('[data-module="portal-here"]')) {
    if (!navigator.geolocation) continue;
    form.hidden = false;
    const status = form.querySelector("[role=status]");
    form.addEventListener("submit", (event) => {
      if (form.elements.latitude.value) return;
      event.preventDefault();
      status.textContent = status.dataset.looking;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.latitude.value = coords.latitude;
          form.elements.longitude.value = coords.longitude;
          form.requestSubmit(form.querySelector("button"));
        },
        () => {
          status.textContent = status.dataset.failed;
        },
        { enableHighAccuracy: true, timeout: 15000 },
      );
    });
  }
}
