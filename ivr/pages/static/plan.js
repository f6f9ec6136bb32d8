// The plan of the hall: a click on a free seat chooses it, another lets it go; the button holds what is chosen.
for (const plan of document.querySelectorAll("[data-plan]")) {
  const form = plan.querySelector(".chosen");
  const told = form.querySelector("[role=status]");
  const chosen = new Set([...plan.querySelectorAll(".seat.mine")].map((seat) => seat.dataset.seat));
  form.hidden = false;

  const tell = () => {
    form.elements.seats.value = [...chosen].join(",");
    form.querySelector("button").disabled = chosen.size === 0;
    told.textContent = chosen.size ? told.dataset.some.replace("#", chosen.size) : told.dataset.none;
  };
  plan.querySelector("svg").addEventListener("click", (event) => {
    const seat = event.target.closest("[data-seat]");
    if (!seat) return;
    const now = !chosen.has(seat.dataset.seat);
    chosen[now ? "add" : "delete"](seat.dataset.seat);
    seat.classList.toggle("chosen", now);
    seat.classList.toggle("given-up", !now && seat.classList.contains("mine"));
    tell();
  });
  tell();
}
