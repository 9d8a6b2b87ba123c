// Draws who met whom: dots and lines, laid out by d3-force, with no motion.  Without this file the table says
// the same.  Of people there are names and places in one answer here, and nothing else.
"use strict";
(() => {
  const box = document.getElementById("map");
  if (!box || !window.d3) { return; }
  const NS = "http://www.w3.org/2000/svg";
  const DOT = 7, REACH = 22, EDGE = 40, LABELS = 40, NAMES = 40; // pixels, pixels, pixels, dots, names
  const svg = box.querySelector("svg");
  const told = document.getElementById("told");
  const words = box.dataset;
  const say = (sentence, count) => sentence.replace("{count}", String(count));
  let dots = [], links = [], zoom = 1, scale = 1, chosen = null, first = null, simulation = null;
  const lines = make("path", "links", svg), mine = make("path", "mine", svg);

  function make(kind, kinds, where) {
    const element = document.createElementNS(NS, kind);
    element.setAttribute("class", kinds);
    where.append(element);
    return element;
  }

  function titled(dot) {
    const name = dot.name || words.unnamed;
    return `${dot.host ? `${name} (${words.host})` : name} · ${say(words.met, dot.around.length)}`;
  }

  // What is known of a dot, in words: whom it met by name, and how many more.
  function whom(dot) {
    const names = dot.around.filter((other) => other.name).map((other) => other.name).sort((a, b) => a.localeCompare(b));
    const unnamed = dot.around.length - names.length;
    const parts = [names.slice(0, NAMES).join(", ")];
    if (names.length > NAMES) { parts.push(say(words.more, names.length - NAMES)); }
    if (unnamed) { parts.push(say(words.others, unnamed)); }
    return parts.filter(Boolean).join(" · ");
  }

  function path(pairs) {
    return pairs.map(({ source: a, target: b }) => `M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${b.x.toFixed(1)} ${b.y.toFixed(1)}`).join("");
  }

  // Everything in units of the layout; what must stay as large on the screen is divided by `scale`.
  function draw() {
    const xs = dots.map((dot) => dot.x), ys = dots.map((dot) => dot.y);
    const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
    const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
    const shown = svg.getBoundingClientRect();
    const wide = Math.max(shown.width - 2 * EDGE, 100), high = Math.max(shown.height - 2 * EDGE, 100);
    scale = zoom * Math.min(wide / Math.max(most(xs) - least(xs), 120), high / Math.max(most(ys) - least(ys), 120));
    const middle = chosen && zoom > 1 ? chosen : { x: (least(xs) + most(xs)) / 2, y: (least(ys) + most(ys)) / 2 };
    const width = shown.width / scale, height = shown.height / scale;
    svg.setAttribute("viewBox", `${middle.x - width / 2} ${middle.y - height / 2} ${width} ${height}`);
    lines.setAttribute("d", path(links));
    for (const dot of dots) {
      dot.element.setAttribute("transform", `translate(${dot.x.toFixed(1)} ${dot.y.toFixed(1)})`);
      dot.element.firstChild.setAttribute("r", String(radius()));
      letters(dot);
    }
    mark();
  }

  const radius = () => (dots.length > 400 ? DOT / 2 : DOT) / scale;

  function letters(dot) {
    const text = dot.element.querySelector("text");
    text?.setAttribute("font-size", String(13 / scale));
    text?.setAttribute("y", String(-radius() - 4 / scale));
  }

  // Only what being chosen changes: a picture of thousands is not drawn anew for a key.
  function mark() {
    mine.setAttribute("d", chosen ? path(links.filter((link) => link.source === chosen || link.target === chosen)) : "");
    if (chosen) { letters(chosen); }
  }

  function label(dot) {
    if (dot.name && !dot.element.querySelector("text")) { make("text", "", dot.element).textContent = dot.name; }
  }

  function choose(dot) {
    if (chosen) {
      for (const other of [chosen, ...chosen.around]) { other.element.classList.remove("near"); }
      chosen.element.classList.remove("here");
      if (dots.length > LABELS) { chosen.element.querySelector("text")?.remove(); }
    }
    svg.classList.toggle("chosen", dot !== null);
    chosen = dot;
    if (dot) {
      for (const other of [dot, ...dot.around]) { other.element.classList.add("near"); }
      dot.element.classList.add("here");
      label(dot);
      first.element.setAttribute("tabindex", "-1");
      dot.element.setAttribute("tabindex", "0");
      first = dot;
      told.textContent = `${titled(dot)} · ${whom(dot)}`;
    }
    if (zoom > 1) { draw(); } else { mark(); }
  }

  function go(step) {
    const at = chosen ? dots.indexOf(chosen) : -1;
    const to = dots[Math.min(Math.max(at + step, 0), dots.length - 1)];
    choose(to);
    to.element.focus({ preventScroll: true });
  }

  const KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
  svg.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { choose(null); }
    else if (event.key in KEYS) { go(KEYS[event.key]); }
    else { return; }
    event.preventDefault();
  });
  svg.addEventListener("focusin", (event) => {
    const dot = dots.find((one) => one.element === event.target);
    if (dot && dot !== chosen) { choose(dot); }
  });
  svg.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    choose(simulation?.find(at.x, at.y, REACH / scale) || null);
  });
  for (const button of box.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      zoom = Math.min(Math.max(zoom * Number(button.dataset.zoom), 1), 20);
      draw();
    });
  }
  window.addEventListener("resize", () => { if (dots.length) { draw(); } });

  // In slices, so that the page answers meanwhile; the same answer always gives the same picture.
  function lay(left, drawn) {
    const begun = performance.now();
    while (left > 0 && performance.now() < begun + 24) { simulation.tick(); left -= 1; }
    if (left > 0) {
      const due = begun > drawn + 700;
      if (due) { draw(); }
      setTimeout(lay, 0, left, due ? performance.now() : drawn);
      return;
    }
    draw();
    box.dataset.drawn = String(dots.length);
  }

  function start(answer) {
    dots = answer.dots.map(([name, colour, host]) => ({ name, colour, host: Boolean(host), around: [] }));
    const places = [...dots]; // as the answer counts them
    for (let at = 0; at < answer.links.length; at += 2) {
      const source = places[answer.links[at]], target = places[answer.links[at + 1]];
      links.push({ source, target });
      source.around.push(target);
      target.around.push(source);
    }
    // arrow keys go by name, then to those without one
    dots.sort((a, b) => (a.name === "") - (b.name === "") || a.name.localeCompare(b.name));
    first = dots[0]; // where the tab key enters
    for (const dot of dots) {
      const kinds = dot.name ? `dot c${dot.colour}${dot.host ? " looks-after" : ""}` : "dot unnamed";
      dot.element = make("g", kinds, svg);
      make("circle", "", dot.element);
      dot.element.setAttribute("role", "button");
      dot.element.setAttribute("tabindex", dot === first ? "0" : "-1");
      dot.element.setAttribute("aria-label", titled(dot));
      if (dots.length <= LABELS) { label(dot); }
    }
    box.hidden = false;
    lines.classList.toggle("many", links.length > 1500);
    const ticks = dots.length > 800 ? 60 : dots.length > 200 ? 160 : 300;
    const { width, height } = svg.getBoundingClientRect();
    simulation = d3.forceSimulation(dots).stop()
      .force("link", d3.forceLink(links).distance(50))
      .force("charge", d3.forceManyBody().strength(-140).distanceMax(600))
      .force("x", d3.forceX().strength(0.06)).force("y", d3.forceY().strength(0.06 * Math.max(width / height, 0.5)))
      .alphaDecay(1 - 0.001 ** (1 / ticks));
    lay(ticks, performance.now());
  }

  fetch(words.source, { headers: { accept: "application/json" } })
    .then((answer) => (answer.ok && !answer.redirected ? answer.json() : null))
    .then((answer) => { if (answer) { start(answer); } })
    .catch(() => {}); // the hub is away: the table is there
})();
