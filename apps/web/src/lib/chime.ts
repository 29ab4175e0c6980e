let context: AudioContext | undefined

/** Two short soft tones, made here: nothing is loaded. Silent while the browser has not been touched yet. */
export function chime(): void {
  context ??= new AudioContext()
  for (const [index, frequency] of [660, 880].entries()) tone(context, frequency, index * 0.12)
}

function tone(audio: AudioContext, frequency: number, delaySeconds: number): void {
  const start = audio.currentTime + delaySeconds
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  oscillator.frequency.value = frequency
  gain.gain.setValueAtTime(0.0001, start)
  gain.gain.exponentialRampToValueAtTime(0.08, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.11)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(start)
  oscillator.stop(start + 0.12)
}
