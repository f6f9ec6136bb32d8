// The telephone: one Line per section, one socket per Line. Sound is 8 kHz µ-law both ways.
const { called, agent } = document.body.dataset;
const KEYS = "123456789*0#";
let count = 0;

class Sound {
  // One AudioContext for the page; each line has its own player and, when the microphone is on, its own recorder.
  static async context() {
    if (!Sound.ready) {
      Sound.audio = new AudioContext();
      Sound.ready = Sound.audio.audioWorklet.addModule("/static/worklet.js");
    }
    await Sound.ready;
    await Sound.audio.resume();
    return Sound.audio;
  }
}

class Line {
  constructor(section, whose, number) {
    this.section = section;
    this.find = (name) => section.querySelector("." + name);
    this.find("whose").textContent = this.find("whose").dataset[whose] || "";
    this.find("whose").hidden = !whose;
    this.find("own").value = number || "+3361234567" + (count++ % 10);
    this.find("to").value = called;
    this.show("idle");
    for (const key of KEYS) this.addKey(key);
    this.find("call").onclick = () => this.dial();
    this.find("answer").onclick = () => this.answer();
    this.find("hangup").onclick = () => this.tell({ do: "hangup" });
    this.find("own").onchange = () => this.register();
    this.find("mic").onchange = () => this.microphone();
    this.find("words").onsubmit = (event) => { event.preventDefault(); this.say(event.target.querySelector("input")); };
    section.onkeydown = (event) => this.typed(event);
    this.connect();
  }

  addKey(key) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key;
    button.onclick = () => this.key(key);
    this.find("keypad").append(button);
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}/line`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => { this.register(); this.voice(); };
    this.socket.onmessage = ({ data }) => (typeof data === "string" ? this.told(JSON.parse(data)) : this.hear(data));
    this.socket.onclose = () => { this.show("lost"); this.open(false); setTimeout(() => this.connect(), 2000); };
  }

  tell(message) { if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message)); }
  register() { this.tell({ do: "register", number: this.find("own").value.trim() }); }

  voice() { this.tell({ do: "voice", on: this.find("mic").checked }); }

  async dial() { await this.player(); this.tell({ do: "dial", to: this.find("to").value.trim() }); }
  async answer() { await this.player(); this.tell({ do: "answer" }); }

  key(key) { this.tell({ do: "key", key }); this.caption(key, "me"); }

  say(input) {
    const words = input.value.trim();
    if (!words) return;
    this.tell({ do: "say", words });
    this.caption(words, "me");
    input.value = "";
  }

  typed(event) {
    if (event.target.tagName === "INPUT" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (KEYS.includes(event.key)) this.key(event.key);
  }

  told(message) {
    if (message.is === "ready") this.show("idle");
    if (message.is === "dialling") { this.show("dialling"); this.open(true); }
    if (message.is === "ringing") { this.show("ringing", message.number); this.find("answer").hidden = false; this.find("hangup").disabled = false; }
    if (message.is === "talking") { this.open(true); this.show(message.bridged ? "bridged" : message.queued ? "queued" : message.keys ? "listening" : "talking"); }
    if (message.is === "caption") this.caption(message.text || "♪ " + message.url.split("/").pop(), "house", message.language);
    if (message.is === "heard" && message.words) this.caption(message.words, "me");
    if (message.is === "quiet") this.speaker?.port.postMessage("quiet");
    if (message.is === "ended") { this.open(false); this.show("idle", message.status); this.speaker?.port.postMessage("quiet"); }
  }

  open(isOpen) {
    this.find("call").disabled = isOpen;
    this.find("hangup").disabled = !isOpen;
    this.find("answer").hidden = true;
  }

  show(state, more = "") {
    const element = this.find("state");
    this.section.dataset.state = state;
    element.textContent = (element.dataset[state] + " " + more).trim();
  }

  caption(text, who, language = "") {
    const item = document.createElement("li");
    item.textContent = text;
    item.className = who;
    if (language) item.lang = language;
    this.find("captions").append(item);
    item.scrollIntoView({ block: "nearest" });
  }

  async player() {
    if (this.speaker) return;
    const audio = await Sound.context();
    this.speaker = new AudioWorkletNode(audio, "speaker", { numberOfInputs: 0, outputChannelCount: [1] });
    this.speaker.connect(audio.destination);
  }

  hear(buffer) {
    this.section.dataset.sound = Number(this.section.dataset.sound || 0) + buffer.byteLength;
    if (this.find("loud").checked) this.speaker?.port.postMessage(new Uint8Array(buffer));
  }

  async microphone() {
    this.voice();
    if (!this.find("mic").checked) {
      this.tracks?.forEach((track) => track.stop());
      this.mouth?.disconnect();
      return;
    }
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: false } });
    const audio = await Sound.context();
    this.tracks = stream.getTracks();
    this.mouth = new AudioWorkletNode(audio, "microphone", { numberOfOutputs: 0 });
    this.mouth.port.onmessage = ({ data }) => { if (this.socket.readyState === WebSocket.OPEN) this.socket.send(data); };
    audio.createMediaStreamSource(stream).connect(this.mouth);
  }
}

function newLine(whose = "", number = "") {
  const section = document.getElementById("line").content.cloneNode(true).firstElementChild;
  document.getElementById("lines").append(section);
  new Line(section, whose, number);
}

document.getElementById("new-line").onclick = () => newLine();
newLine(agent ? "caller" : "");
if (agent) newLine("agent", agent);
