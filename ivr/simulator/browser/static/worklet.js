// µ-law (ITU-T G.711) at 8 kHz to and from the sound card's own rate.
const RATE = 8000;
const FRAME = 160;
const DECODED = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const size = ((((bits & 0x0f) << 3) + 132) << ((bits & 0x70) >> 4)) - 132;
  return (bits & 0x80 ? -size : size) / 32768;
});

function encoded(sample) {
  const wide = Math.max(-32635, Math.min(32635, Math.round(sample * 32767)));
  const size = Math.abs(wide) + 132;
  const exponent = 31 - Math.clz32(size) - 7;
  return ~((wide < 0 ? 0x80 : 0) | (exponent << 4) | ((size >> (exponent + 3)) & 0x0f)) & 0xff;
}

class Speaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.waiting = [];
    this.at = 0;
    this.port.onmessage = ({ data }) => {
      if (data === "quiet") { this.waiting = []; this.at = 0; } else for (const code of data) this.waiting.push(DECODED[code]);
    };
  }

  process(_, outputs) {
    const step = RATE / sampleRate;
    const output = outputs[0][0];
    for (let index = 0; index < output.length; index++) {
      const whole = Math.floor(this.at);
      if (whole + 1 >= this.waiting.length) break;
      output[index] = this.waiting[whole] + (this.waiting[whole + 1] - this.waiting[whole]) * (this.at - whole);
      this.at += step;
    }
    const played = Math.floor(this.at);
    if (played > FRAME) { this.waiting.splice(0, played); this.at -= played; }
    return true;
  }
}

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frame = new Uint8Array(FRAME);
    this.filled = this.sum = this.summed = this.due = 0;
  }

  process(inputs) {
    for (const sample of inputs[0][0] ?? []) {
      this.sum += sample;
      this.summed += 1;
      this.due += RATE / sampleRate;
      if (this.due < 1) continue;
      this.due -= 1;
      this.frame[this.filled++] = encoded(this.sum / this.summed);  // the mean is filter enough for speech
      this.sum = this.summed = 0;
      if (this.filled === FRAME) { this.port.postMessage(this.frame.slice().buffer); this.filled = 0; }
    }
    return true;
  }
}

registerProcessor("speaker", Speaker);
registerProcessor("microphone", Microphone);
