/** A browser's own long name made short: "Firefox 143 · Linux". */
const BROWSERS: [RegExp, string][] = [[/Edg\/(\d+)/, 'Edge'], [/Firefox\/(\d+)/, 'Firefox'], [/Chrome\/(\d+)/, 'Chrome'], [/Version\/(\d+).*Safari/, 'Safari']];
const SYSTEMS: [RegExp, string][] = [[/Windows/, 'Windows'], [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']];

export function browserName(agent: string): string {
  const browser = BROWSERS.map(([pattern, name]) => { const hit = pattern.exec(agent); return hit ? `${name} ${hit[1]}` : ''; }).find(Boolean);
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1];
  return [browser ?? agent.slice(0, 40), browser ? system : ''].filter(Boolean).join(' · ');
}
