// Places an annotation by pointer: it only fills the form's figures, which one may as well type.
const form = document.querySelector("[data-annotate]"), stage = document.querySelector("[data-stage]");
if (form && stage) {
  const svg = stage.querySelector("svg"), { x, y, width, height } = form.elements;
  const fresh = { pin: document.createElementNS(svg.namespaceURI, "circle"), rectangle: document.createElementNS(svg.namespaceURI, "rect") };
  Object.values(fresh).forEach((shape) => { shape.setAttribute("class", "mark-new"); shape.setAttribute("visibility", "hidden"); svg.append(shape); });
  fresh.pin.setAttribute("r", 9);
  const shape = () => form.elements.shape.value;
  const within = (value) => Math.min(100, Math.max(0, value));
  const at = (event) => {
    const box = svg.getBoundingClientRect();
    return [within((event.clientX - box.left) / box.width * 100), within((event.clientY - box.top) / box.height * 100)];
  };
  const draw = () => {
    const rectangle = shape() === "rectangle", known = x.value !== "" && y.value !== "";
    stage.classList.toggle("drawing", rectangle);
    fresh.pin.setAttribute("visibility", known && !rectangle ? "visible" : "hidden");
    fresh.rectangle.setAttribute("visibility", known && rectangle ? "visible" : "hidden");
    for (const [node, pairs] of [[fresh.pin, { cx: x, cy: y }], [fresh.rectangle, { x, y, width, height }]]) {
      for (const [name, field] of Object.entries(pairs)) node.setAttribute(name, `${within(parseFloat(field.value) || 0)}%`);
    }
  };
  const fill = (values) => { for (const [field, value] of values) field.value = value.toFixed(2); draw(); };
  let start = null;
  const stretch = (event) => {
    const [endX, endY] = at(event), [fromX, fromY] = start;
    fill([[x, Math.min(fromX, endX)], [y, Math.min(fromY, endY)], [width, Math.abs(endX - fromX)], [height, Math.abs(endY - fromY)]]);
  };
  const say = () => { form.elements.body.focus({ preventScroll: true }); form.scrollIntoView({ block: "nearest" }); };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("a") || shape() === "pin") return;
    start = at(event);
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => { if (start) stretch(event); });
  stage.addEventListener("pointercancel", () => { start = null; });
  stage.addEventListener("pointerup", (event) => {
    if (!start) return;
    stretch(event);
    start = null;
    say();
  });
  stage.addEventListener("click", (event) => {
    if (event.target.closest("a") || shape() !== "pin") return;
    const [left, top] = at(event);
    fill([[x, left], [y, top]]);
    say();
  });
  stage.addEventListener("dragstart", (event) => event.preventDefault());
  form.addEventListener("input", draw);
  draw();
}
