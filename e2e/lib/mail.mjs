// A mail server of somebody else's making (tests/smtp/server.py: aiosmtpd), started for a test and read by it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const path = (name) => new URL(`../../${name}`, import.meta.url).pathname;
const SERVER = path('tests/smtp/server.py');
const REQUIREMENTS = path('tests/smtp/requirements.txt');
const ENVIRONMENT = path('target/venv/smtp-e2e');

function run(program, ...args) {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

/** Python with exactly what the requirements pin, made when it is missing. */
async function python() {
  const wanted = await readFile(REQUIREMENTS, 'utf8');
  const own = `${ENVIRONMENT}-${process.pid}`;
  const stamp = `${ENVIRONMENT}/requirements.txt`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return { program: `${ENVIRONMENT}/bin/python` };
  // Files of tests run side by side: each makes its own, so that nobody meets half of one.
  await mkdir(path('target/venv'), { recursive: true });
  run('python3', '-m', 'venv', own);
  run(`${own}/bin/python`, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', REQUIREMENTS);
  await writeFile(`${own}/requirements.txt`, wanted);
  return { program: `${own}/bin/python`, made: own };
}

/** Starts it; `letters` fills with what it gets, `behave` changes how it answers from now on. */
export async function startMail() {
  const { program, made } = await python();
  const child = spawn(program, [SERVER, 'plain'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const letters = [];
  const waiting = [];
  let heard = () => {};
  const said = new Promise((resolve) => { heard = resolve; });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const what = JSON.parse(line);
    if (what.port) heard(what.port);
    if (what.letter) letters.push(what.letter);
    if (what.obeyed) waiting.shift()?.();
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const port = await Promise.race([said, exited.then((code) => { throw new Error(`the mail server ended: ${code}`); })]);
  return {
    port,
    letters,
    behave(how) {
      return new Promise((resolve) => { waiting.push(resolve); child.stdin.write(`${JSON.stringify(how)}\n`); });
    },
    async stop() {
      child.stdin.end();
      await exited;
      if (made) await rm(made, { recursive: true, force: true });
    },
  };
}
