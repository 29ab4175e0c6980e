/**
 * Words that stand at the top of every list of leaked passwords, and what an attacker of this product would try first.
 * With digits, years, punctuation, usual substitutions (p@ssw0rd) and repetitions they become the long ones.
 */
const WORDS = `
password passwort contrasena clave secret secreto letmein welcome bienvenido admin administrator administrador root
superuser user usuario guest default changeme changeit master login access test testing demo sample example qwerty
qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc iloveyou teamo loveyou princess sunshine monkey dragon
football futbol soccer baseball basketball hockey superman batman spiderman starwars pokemon naruto shadow michael
jennifer jordan hunter ranger buster tigger charlie andrew daniel jessica thomas matthew anthony samantha ashley
trustno computer internet google facebook amazon microsoft windows android samsung iphone apple whatever nothing
freedom liverpool chelsea arsenal barcelona realmadrid juventus mustang corvette ferrari mercedes porsche yamaha
summer winter spring autumn verano invierno monday friday january february december hello holaquetal cheese chocolate
cookie coffee flower butterfly purple orange yellow silver golden diamond london newyork paris colombia bogota
jesus jesuschrist christ blessed angel angelito mother father family forever friends killer matrix phoenix thunder
correcthorsebatterystaple quantdeck trading trader strategy bitcoin crypto money dollar
colombiano millonario america mexico company business office server database postgres redis oracle cisco
`
  .trim()
  .split(/\s+/)

const COMMON = new Set(WORDS)
const LONGEST = Math.max(...WORDS.map(({ length }) => length))
/** Shorter ones are dates and telephone numbers. */
const LONG_NUMBER = 20
/** What people run a finger along. */
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  '98765432109876543210',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
]
const SUBSTITUTES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '0': 'o',
  '3': 'e',
  $: 's',
  '5': 's',
  '!': 'i',
  '1': 'i',
  '7': 't',
}

/** Is it one of the passwords that are tried first? Compared as people vary them: case, digits around it, repetition. */
export function isCommonPassword(password: string, email = ''): boolean {
  const plain = password.toLowerCase().replace(/\s+/g, '')
  const name = email.toLowerCase().split('@')[0] ?? ''
  if (plain === email.toLowerCase() || isRepetition(plain) || isRun(plain)) return true
  if (plain.length < LONG_NUMBER && /^[\d\p{P}\p{S}]+$/u.test(plain)) return true
  const known = name.length >= 3 ? new Set([...COMMON, name]) : COMMON
  const bare = plain.replace(/^[^a-z@$]+|[^a-z]+$/g, '')
  const readings = [plain, spelledOut(plain), spelledOut(bare)]
  return readings.some((reading) => hasOneWord(reading, known))
}

/** `p@ssw0rd` as it is meant. */
function spelledOut(text: string): string {
  return text.replace(/[@4035$!17]/g, (sign) => SUBSTITUTES[sign] ?? sign)
}

/** `abcabcabcabc`, `aaaaaaaaaaaa`, `passwordpassword`. */
function isRepetition(text: string): boolean {
  for (let unit = 1; unit <= Math.min(4, text.length / 2); unit++) {
    if (
      text ===
      text
        .slice(0, unit)
        .repeat(Math.ceil(text.length / unit))
        .slice(0, text.length)
    )
      return true
  }
  return false
}

function isRun(text: string): boolean {
  return RUNS.some((run) => run.includes(text) || run.startsWith(text))
}

/** Nothing but one or two common words (or one, repeated) once digits and punctuation at their ends are gone. */
function hasOneWord(text: string, known: ReadonlySet<string>): boolean {
  const core = text.replace(/[\d\p{P}\p{S}]+/gu, '')
  if (core === '') return false
  if (known.has(core) || isRun(core)) return true
  for (let end = 1; end <= Math.min(core.length - 1, LONGEST); end++) {
    const [first, rest] = [core.slice(0, end), core.slice(end)]
    if (known.has(first) && (known.has(rest) || rest === first.repeat(rest.length / first.length)))
      return true
  }
  return false
}
