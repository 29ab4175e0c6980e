const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for HTML content and quoted attributes: nothing that a user named can become markup. */
export function escapeHtml(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
}

/** A finished piece of HTML. Only {@link html} makes one, so that text cannot slip in unescaped. */
export interface Html {
  readonly markup: string
}

type Part = Html | Html[] | string | number

function render(part: Part): string {
  if (Array.isArray(part)) return part.map((item) => item.markup).join('')
  return typeof part === 'object' ? part.markup : escapeHtml(part)
}

/** Template tag: values are escaped unless they are HTML themselves. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let markup = strings[0] ?? ''
  parts.forEach((part, i) => {
    markup += render(part) + (strings[i + 1] ?? '')
  })
  return { markup }
}

export const NOTHING: Html = { markup: '' }
