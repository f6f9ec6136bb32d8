// Records a prompt with the browser's microphone: countdown, level, listen, keep.
const box = document.getElementById("recorder");
const by = (id) => document.getElementById(id);
const state = by("recorder-state");
let recorder;
let meter;

function show(...ids) {
  for (const id of ["start", "stop", "keep", "again", "playback", "level"]) by(id).hidden = !ids.includes(id);
}

async function countdown() {
  for (let left = 3; left > 0; left -= 1) {
    state.textContent = box.dataset.counting.replace("#", left);
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}

function watchLevel(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  meter = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    by("level").value = Math.max(by("level").value * 0.9, ...samples.map(Math.abs));  // falls slowly, for the eye
  }, 60);
  return () => { clearInterval(meter); context.close(); };
}

async function start() {
  let stream;
  try {
    // What makes a voice pleasant in a meeting spoils it for a prompt.
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };
    stream = await navigator.mediaDevices.getUserMedia({ audio: plain });
  } catch {
    state.textContent = box.dataset.none;
    return;
  }
  show("level");
  const stopLevel = watchLevel(stream);
  await countdown();
  const parts = [];
  recorder = new MediaRecorder(stream);
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = () => {
    stopLevel();
    for (const track of stream.getTracks()) track.stop();
    offer(new Blob(parts, { type: recorder.mimeType }));
  };
  recorder.start();
  state.textContent = box.dataset.recording;
  show("stop", "level");
  by("stop").focus();
}

function offer(sound) {
  const kind = sound.type.includes("mp4") ? "m4a" : sound.type.includes("ogg") ? "ogg" : "webm";
  const files = new DataTransfer();
  files.items.add(new File([sound], `take.${kind}`, { type: sound.type }));
  by("recorder-file").files = files.files;
  by("playback").src = URL.createObjectURL(sound);
  state.textContent = box.dataset.back;
  show("playback", "keep", "again");
  by("keep").focus();
}

if (box && navigator.mediaDevices && window.MediaRecorder) {
  box.hidden = false;
  by("start").addEventListener("click", start);
  by("again").addEventListener("click", start);
  by("stop").addEventListener("click", () => recorder.stop());
}
