// The desk: keeps itself fresh by server-sent events, counts seconds, and says aloud who comes and goes.
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
  for (const clock of document.querySelectorAll("[data-until]")) clock.textContent = shape(Number(clock.dataset.until) - time);
}

const waiting = () => Number(document.getElementById("waiting")?.dataset.count ?? 0);

function say(before, after) {
  if (after === before) return;
  spoken.textContent = spoken.dataset[after > before ? "new" : "gone"].replace("#", after);
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (after) document.title = `(${after}) ${document.title}`;
}

// Whoever types, is about to sell, or stands on a button keeps her place when the page renews itself.
function keepPlace(change) {
  const active = document.activeElement;
  if (now.querySelector("details[open]") || (active && active.matches("#now input"))) return false;
  const key = active?.closest("[data-key]")?.dataset.key;
  const known = new Set([...now.querySelectorAll(".caller")].map((card) => card.dataset.key));
  const scrolled = now.querySelector("[data-scroll]")?.scrollTop;
  change();
  if (key) now.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  const box = now.querySelector("[data-scroll]");
  if (box) box.scrollTop = scrolled ?? box.scrollHeight;
  for (const card of now.querySelectorAll(".caller")) if (!known.has(card.dataset.key)) card.classList.add("new");
  return true;
}

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
    if (keepPlace(() => { now.innerHTML = html; })) say(before, waiting());
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

const box = now.querySelector("[data-scroll]");
if (box) box.scrollTop = box.scrollHeight;
setInterval(tick, 1000);
setInterval(() => look().catch(() => {}), 30000);
listen();
