// The sign-in page: lets the password be read before it is sent.
const tick = document.getElementById("show");
const password = document.getElementById("password");
tick.closest("label").hidden = false;
tick.addEventListener("change", () => { password.type = tick.checked ? "text" : "password"; });
