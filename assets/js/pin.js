// A click on a map that the server drew moves its pin. Without scripts, buttons move it.
//
//   <div data-module="portal-pin" data-name="place" data-metres="120"> <svg…> </div>
//
// The form's fields `place-easting` and `place-northing` hold the middle of the map, in metres.
export function startPins(root = document) {
  for (const frame of root.querySelectorAll('[data-module="portal-pin"]')) new Pin(frame);
}

class Pin {
  constructor(frame) {
    this.map = frame.querySelector("svg");
    this.pin = this.map?.querySelector(".portal-locator__pin");
    const form = frame.closest("form");
    const { name, metres } = frame.dataset;
    this.easting = form?.elements[`${name}-easting`];
    this.northing = form?.elements[`${name}-northing`];
    if (!this.pin || !this.easting || !this.northing) return;
    this.metres = Number(metres);
    this.middle = [Number(this.easting.value), Number(this.northing.value)];
    this.status = this.addStatus(frame);
    this.map.classList.add("portal-locator__map--movable");
    this.map.addEventListener("click", (event) => this.move(event));
  }

  addStatus(frame) {
    const status = document.createElement("p");
    status.className = "govuk-hint";
    status.setAttribute("role", "status");
    status.textContent = frame.dataset.hint;
    this.moved = frame.dataset.moved;
    frame.append(status);
    return status;
  }

  move({ clientX, clientY }) {
    const { left, top, width, height } = this.map.getBoundingClientRect();
    const { width: units } = this.map.viewBox.baseVal;
    const across = clientX - left - width / 2;
    const down = clientY - top - height / 2;
    const metresInPixel = this.metres / width;
    this.easting.value = Math.round(this.middle[0] + across * metresInPixel);
    this.northing.value = Math.round(this.middle[1] - down * metresInPixel);
    this.pin.setAttribute("transform", `translate(${(across * units) / width} ${(down * units) / width})`);
    this.status.textContent = this.moved;
  }
}
