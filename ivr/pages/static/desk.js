// The desk and a caller's page: keep themselves fresh by server-sent events, count seconds, say who comes and goes.
const now = document.getElementById("now");
const spoken = document.getElementById("spoken");
const broken = document.getElementById("broken");
const skew = Date.now() / 1000 - serverTime();

function serverTime() {
  // Waiting times come from the server; a wrong clock in this computer must not change them.
  const first = document.querySelector("[data-since]");
  if (!first) return Date.now() / 1000;
  const [minutes, seconds] = first.textContent.split(":").map(Number);
  return Number(first.dataset.since) + minutes * 60 + seconds;
}

function shape(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function tick() {
  const time = Date.now() / 1000 - skew;
  for (const clock of document.querySelectorAll("[data-since]")) clock.textContent = shape(time - Number(clock.dataset.since));
  for (const clock of document.querySelectorAll("[data-until]")) lapse(clock, Number(clock.dataset.until) - time);
}

// The last two minutes are red; at the end the page asks what has become of the seats.
function lapse(clock, left) {
  clock.textContent = shape(left);
  clock.classList.toggle("soon", left < 120);
  if (left > 0 || clock.dataset.over) return;
  clock.dataset.over = "yes";
  setTimeout(() => look().catch(() => {}), 1500);  // our clocks may differ by a second: no haste
}

const waiting = () => Number(document.getElementById("waiting")?.dataset.count ?? 0);

function say(before, after) {
  if (after === before || !spoken.dataset.new) return;
  spoken.textContent = spoken.dataset[after > before ? "new" : "gone"].replace("#", after);
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (after) document.title = `(${after}) ${document.title}`;
}

// Whoever types, is about to sell, or stands on a button keeps her place when the page renews itself.
function keepPlace(change) {
  const active = document.activeElement;
  if (now.querySelector("details[open] form") || active?.matches("#now :is(input, select, textarea)")) return false;
  const open = [...now.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key);
  const key = active?.closest("[data-key]")?.dataset.key;
  const anchor = standing();
  const known = new Set([...now.querySelectorAll(".caller")].map((card) => card.dataset.key));
  const scrolled = now.querySelector("[data-scroll]")?.scrollTop;
  change();
  for (const one of open) now.querySelector(`details[data-key="${CSS.escape(one)}"]`)?.setAttribute("open", "");
  const mine = key && now.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (mine) (mine.matches("details") ? mine.querySelector("summary") : mine).focus({ preventScroll: true });
  const box = now.querySelector("[data-scroll]");
  if (box) box.scrollTop = scrolled ?? box.scrollHeight;
  anchor?.();
  for (const card of now.querySelectorAll(".caller")) if (!known.has(card.dataset.key)) card.classList.add("new");
  return true;
}

// What the agent reads stays where it is on the screen, whoever comes or goes above it.
function standing() {
  if (scrollY === 0) return null;
  const seen = [...now.querySelectorAll("[data-key]")].find(
    (one) => one.getClientRects().length && one.getBoundingClientRect().top >= 0,  // what is folded away stands nowhere
  );
  const top = seen?.getBoundingClientRect().top;
  return seen && (() => {
    const same = now.querySelector(`[data-key="${CSS.escape(seen.dataset.key)}"]`);
    if (same) scrollBy({ top: same.getBoundingClientRect().top - top, behavior: "instant" });
  });
}

// Held back under the agent's fingers, but not kept from her: what stands there is no longer so.
const aged = document.getElementById("aged");
const mark = (html) => /data-mark="([^"]*)"/.exec(html)?.[1];
aged?.querySelector("button").addEventListener("click", () => {
  for (const one of now.querySelectorAll("details[open]")) one.open = false;
  look().catch(() => {});
});

let again = false;
let asking = false;
async function look() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch(now.dataset.now, { headers: { "X-Fragment": "1" } });
    if (answer.status === 401) { location.reload(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    const before = waiting();
    const was = now.querySelector("[data-mark]")?.dataset.mark;
    const kept = !keepPlace(() => { now.innerHTML = html; });
    if (aged) aged.hidden = !(kept && mark(html) !== now.querySelector("[data-mark]")?.dataset.mark);
    if (!kept) say(before, waiting());
    if (!kept && was !== mark(html)) spoken.textContent = now.querySelector(".state")?.textContent ?? "";
    tick();
  } finally {
    asking = false;
    if (again) { again = false; look().catch(() => {}); }
  }
}

let polling = 0;
function poll() {
  if (polling) return;
  polling = setInterval(() => look().then(() => { broken.hidden = true; }, () => { broken.hidden = false; }), 5000);
}

function listen() {
  const events = new EventSource(now.dataset.live);
  events.onopen = () => { broken.hidden = true; clearInterval(polling); polling = 0; look().catch(() => {}); };
  events.onmessage = () => {
    look().catch(() => {});
    setTimeout(() => look().catch(() => {}), 800);  // the journal is a breath behind the caller
  };
  events.onerror = () => poll();  // all places taken, or the line is down: ask now and then
}

now.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.scrollIntoView({ block: "nearest" });
}, true);
const box = now.querySelector("[data-scroll]");
if (box) box.scrollTop = box.scrollHeight;
setInterval(tick, 1000);
setInterval(() => look().catch(() => {}), 30000);
listen();
