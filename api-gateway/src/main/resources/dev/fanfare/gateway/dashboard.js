'use strict';

const REFRESH_MILLIS = 2000;
const state = document.getElementById('state');
const field = document.getElementById('key');
let key = '';

async function read(path) {
  const answer = await fetch(path, { headers: { Authorization: 'Bearer ' + key }, cache: 'no-store' });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

// Text nodes only: names, labels and addresses come from others.
function fill(id, rows) {
  const body = document.getElementById(id);
  body.replaceChildren(...rows.map(cells => {
    const row = document.createElement('tr');
    row.append(...cells.map(cell => {
      const td = document.createElement('td');
      td.textContent = String(cell);
      return td;
    }));
    return row;
  }));
}

async function refresh() {
  if (!key) return;
  try {
    const [functions, workers] = await Promise.all([read('/v1/functions'), read('/v1/workers')]);
    fill('functions', functions.functions.map(f =>
      [f.name, f.revision.slice(0, 12), f.timeout + ' s', f.concurrency, f.deployedAt]));
    fill('workers', workers.workers.map(w =>
      [w.id, w.peer, w.slots, w.running, w.runtimes, w.load.toFixed(2),
        Object.entries(w.labels).map(([name, value]) => name + '=' + value).join(' ')]));
    state.textContent = 'connected';
  } catch (problem) {
    state.textContent = problem.message;
  }
}

document.getElementById('access').addEventListener('submit', event => {
  event.preventDefault();
  key = field.value.trim();
  refresh();
});
setInterval(refresh, REFRESH_MILLIS);
